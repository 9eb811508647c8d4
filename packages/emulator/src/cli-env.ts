import { parseArgs } from 'node:util'
import { clientEnvironment, runtimes, type Runtime } from './client-environment.ts'
import { environmentFormats } from './environment-format.ts'
import { findEmulator } from './running-emulator.ts'

export const envUsage = `pierhead-emulator env: prints the variables by which programs find the running emulator

  --for NAME        python, node (default) or browser: each reads other variables
  --format NAME     sh (default; eval it), dotenv, json, or github (append it to "$GITHUB_ENV")
  --client NAME     also GLOBUS_CLIENT_ID, GLOBUS_CLIENT_SECRET and GLOBUS_REDIRECT_URI of that app (id or name)
  --data DIR        the data of the emulator (default .pierhead/emulator)
  --info FILE       instead of --data: the file of its --info
  --url URL         its address, when programs reach it by another

For Python, GLOBUS_SDK_ENVIRONMENT keeps the tokens of globus-cli and globus-sdk apart from those of a real login.
A browser gets no secret.
`

/** The options that say which emulator is meant. */
export const placeOptions = { data: { type: 'string' }, info: { type: 'string' }, url: { type: 'string' } } as const

/** `env …`: gives what to print. @throws TypeError naming what is wrong */
export async function runEnv(args: readonly string[]): Promise<string> {
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    options: {
      for: { type: 'string', default: 'node' },
      format: { type: 'string', default: 'sh' },
      client: { type: 'string' },
      help: { type: 'boolean', default: false },
      ...placeOptions,
    },
  })
  if (values.help) return envUsage
  const write = environmentFormats[values.format]
  if (write === undefined)
    throw new TypeError(`--format must be one of ${Object.keys(environmentFormats).join(', ')}, not ${values.format}`)
  const runtime = parseRuntime(values.for)
  const emulator = findEmulator({ data: values.data, info: values.info, url: values.url })
  const client = values.client === undefined ? undefined : await emulator.client(values.client)
  return write(clientEnvironment(emulator.origin, { runtime, client, trust: emulator.trust }))
}

/** @throws TypeError for another name */
export function parseRuntime(name: string): Runtime {
  const runtime = runtimes.find((known) => known === name)
  if (runtime !== undefined) return runtime
  throw new TypeError(`--for must be one of ${runtimes.join(', ')}, not ${name}`)
}
