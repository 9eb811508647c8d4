import type { IncomingMessage, ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Login } from '../../src/index.ts'
import type { WireAnswer } from '../support/browser.ts'
import { listen, standardApp, type App, type Mount, type Mounted, type TestData } from '../support/adapters.ts'

type Handle = (req: IncomingMessage, res: ServerResponse) => Promise<void>

/** The folder where `npm run test:next` has built the site. */
const folder = process.env['PIERHEAD_NEXT_SITE'] ?? ''
const place = Symbol.for('pierhead.logins')
let server: Promise<Handle> | undefined

/**
 * Next's own production server, in this process, so that a test can give it its login. One serves all tests of a file: Next
 * reads its configuration once in a process.
 */
async function prepare(basePath: string): Promise<Handle> {
  process.env['SITE_BASE_PATH'] = basePath
  // Declared by Next itself, which this repository does not install.
  const next = createRequire(join(folder, 'package.json'))('next') as (options: object) => {
    prepare(): Promise<void>
    getRequestHandler(): Handle
  }
  const app = next({ dev: false, dir: folder, quiet: true })
  await app.prepare()
  return app.getRequestHandler()
}

function useLogin(login: Login<TestData | undefined>, app: App): void {
  Object.assign(globalThis, { [place]: new Map([['login', login]]), pierheadTestApp: app })
}

/** The site that is public at `/`. */
export const nextSite: Mount = (login, app) => mount('', login, app)

/** The same site, public below `/portal`. */
export const nextSiteBelow: Mount = (login, app) => mount('/portal', login, app)

async function mount(basePath: string, login: Login<TestData | undefined>, app = standardApp): Promise<Mounted> {
  const handle = await (server ??= prepare(basePath))
  const mounted = await listen((req, res) => {
    useLogin(login, app)
    // Where Next asks itself for the page that an action leads to.
    process.env['__NEXT_PRIVATE_ORIGIN'] = `http://127.0.0.1:${req.socket.localPort}`
    void handle(req, res)
  })
  return { ...mounted, send: async (request) => withLocalLocation(await mounted.send(request), login.origin) }
}

/** Next makes a local address absolute where the request's host is not the public one. Browsers see no difference. */
function withLocalLocation(answer: WireAnswer, origin: string): WireAnswer {
  const location = answer.headers.get('location')
  if (location?.startsWith(`${origin}/`)) answer.headers.set('location', location.slice(origin.length))
  return answer
}
