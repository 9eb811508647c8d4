import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import * as z from 'zod'
import { systemClock } from './clock.ts'
import { appKinds } from './developer/app-kinds.ts'
import { envLines, registerApp, type AppRegistration, type RegisteredApp } from './developer/register-app.ts'
import { systemRandom } from './random.ts'
import { DEFAULT_DATA, findEmulator, infoFileIn } from './running-emulator.ts'
import { openWorld } from './world.ts'

const clientUsage = `pierhead-emulator client add: registers an app and prints the lines for its .env

  --name NAME            what people read when they log in
  --redirect-uri URI     where codes may be sent, may be repeated
  --type TYPE            ${appKinds.map(({ name }) => name).join(', ')} (default portal)
  --data DIR             the emulator's data (default .pierhead/emulator); it may be running
  --info FILE            instead of --data: the file of an emulator that runs with --control
  --url URL              the emulator's address for the .env (default: where it runs, else http://127.0.0.1:8889)
`

/** `client add …`: gives what to print. @throws TypeError naming the option that is wrong */
export async function runClient(args: readonly string[]): Promise<string> {
  const [command, ...rest] = args
  if (command !== 'add' || rest.includes('--help')) {
    if (command === 'add' || command === '--help' || command === undefined) return clientUsage
    throw new TypeError(`There is no command client ${command}; there is client add`)
  }
  const { values } = parseArgs({
    args: rest,
    strict: true,
    options: {
      name: { type: 'string' },
      'redirect-uri': { type: 'string', multiple: true, default: [] },
      type: { type: 'string', default: 'portal' },
      data: { type: 'string' },
      info: { type: 'string' },
      url: { type: 'string' },
    },
  })
  const { name, type, info, data } = values
  if (name === undefined) throw new TypeError('--name is missing')
  if (info !== undefined && data !== undefined) throw new TypeError('Give either --data or --info, not both')
  const app = { name, type, redirectUris: values['redirect-uri'], project: null }
  const lines =
    info === undefined
      ? envLines(addToData(app, data ?? DEFAULT_DATA), addressFor(data ?? DEFAULT_DATA, values.url))
      : await addToRunning(app, info)
  return `${lines.join('\n')}\n`
}

const addressFor = (data: string, url: string | undefined): string =>
  url === undefined && !existsSync(infoFileIn(data))
    ? 'http://127.0.0.1:8889'
    : findEmulator({ data, url, info: undefined }).origin

/** Writes to the data directory; a running emulator that uses it knows the client at once. */
function addToData(app: AppRegistration, directory: string): RegisteredApp {
  const world = openWorld(directory)
  try {
    const project = world.projects.all()[0]?.id ?? null
    const tools = { world, clock: systemClock, random: systemRandom }
    return world.transaction(() => registerApp({ ...app, project }, tools))
  } finally {
    world.close()
  }
}

const infoFile = z.object({ control: z.object({ url: z.string(), token: z.string() }) })
const answer = z.union([z.object({ env: z.array(z.string()) }), z.object({ problems: z.array(z.string()) })])

async function addToRunning({ name, type, redirectUris }: AppRegistration, file: string): Promise<readonly string[]> {
  const info = infoFile.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  if (!info.success)
    throw new TypeError(`${file} names no control API: start the emulator with --control, or use --data`)
  const { url, token } = info.data.control
  const response = await fetch(`${url}/clients`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name, type, redirect_uris: redirectUris }),
  })
  const result = answer.parse(await response.json())
  if ('env' in result) return result.env
  throw new TypeError(result.problems.join('; '))
}
