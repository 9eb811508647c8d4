// A page of another origin in Chromium that holds the AuthorizationManager of @globus/sdk, as its documentation sets it up.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { capability } from '../../../tools/lib/capability.ts'
import { assert, world } from './support.ts'

export interface SdkPage {
  readonly tab: Page
  /** What the console said of errors. */
  readonly problems: readonly string[]
  readonly logIn: () => Promise<void>
  readonly close: () => Promise<void>
}

const { browser: client } = world.clients
const address = new URL(client.redirect_uri)

/** Opens the page, whose services are the emulator's; `script` runs after `window.manager` is there. */
export async function openSdkPage(services: readonly string[], script = ''): Promise<SdkPage> {
  const program = capability('browser')
  assert(program.available, 'there is no Chromium')
  const server = await serve(pageWith(services, script))
  const browser = await chromium.launch({ executablePath: program.path, chromiumSandbox: false })
  const tab = await browser.newPage()
  tab.setDefaultTimeout(60_000)
  const problems: string[] = []
  tab.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  const close = async (): Promise<void> => {
    await browser.close()
    server.close()
  }
  return { tab, problems, logIn: () => logIn(tab, problems), close }
}

async function serve(page: string) {
  const sdk = join(dirname(createRequire(import.meta.url).resolve('@globus/sdk/package.json')), 'dist/umd')
  const bundle = readFileSync(join(sdk, 'globus.production.js'))
  const server = createServer((request, response) => {
    const isSdk = request.url === '/sdk.js'
    response.setHeader('content-type', isSdk ? 'text/javascript' : 'text/html')
    response.end(isSdk ? bundle : page)
  })
  await new Promise<void>((resolve) => server.listen(Number(address.port), 'localhost', resolve))
  return server
}

const pageWith = (services: readonly string[], script: string): string => `<!doctype html><title>app</title>
<script>
  for (const name of ${JSON.stringify(services)}) window['GLOBUS_SDK_SERVICE_URL_' + name] = ${JSON.stringify(`${world.url}/`)}
</script>
<script src="/sdk.js"></script>
<script>
  window.manager = globus.authorization.create({
    client: ${JSON.stringify(client.id)}, redirect: ${JSON.stringify(client.redirect_uri)},
    scopes: 'openid profile email urn:globus:auth:scope:transfer.api.globus.org:all', useRefreshTokens: true,
    storage: window.localStorage,
  })
  ${script}
</script>`

async function logIn(tab: Page, problems: readonly string[]): Promise<void> {
  await tab.goto(address.origin)
  await tab.evaluate('void manager.login()')
  await tab.getByRole('button', { name: world.people.maya.name, exact: true }).click()
  await tab.getByRole('button', { name: 'Allow', exact: true }).click()
  await tab.waitForURL((url) => url.origin === address.origin && url.searchParams.has('code'))
  await tab.evaluate('manager.handleCodeRedirect({ shouldReplace: false })')
  assert((await tab.evaluate('manager.authenticated')) === true, problems)
}
