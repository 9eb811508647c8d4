import { spawn } from 'node:child_process'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { clientEnvironment, PYTHON_ENVIRONMENT, type Runtime } from './client-environment.ts'
import { parseRuntime, placeOptions } from './cli-env.ts'
import { findEmulator } from './running-emulator.ts'

export const execUsage = `pierhead-emulator exec [OPTIONS] -- COMMAND: runs a program that finds the running emulator

  --client NAME     hands over the registration of that app (id or name): GLOBUS_CLIENT_ID, _SECRET, _REDIRECT_URI
  --for NAME        python or node. Default: python for programs that are usually written in it (python, pytest, globus,
                    flask, uvicorn, …), else node
  --data DIR        the data of the emulator (default .pierhead/emulator)
  --info FILE       instead of --data: the file of its --info
  --url URL         its address, when the program reaches it by another

Signals are passed on, and its exit code is this command's. See also: env --help
`

export interface ExecOrder {
  readonly command: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
}

/** `exec …`: what is to be run, with its environment. @throws TypeError naming what is wrong */
export async function readExec(args: readonly string[], env: NodeJS.ProcessEnv): Promise<ExecOrder | 'help'> {
  const { values, positionals } = parseArgs({
    args: [...args],
    strict: true,
    allowPositionals: true,
    options: {
      for: { type: 'string' },
      client: { type: 'string' },
      help: { type: 'boolean', default: false },
      ...placeOptions,
    },
  })
  if (values.help) return 'help'
  const [command, ...rest] = positionals
  if (command === undefined || !args.includes('--'))
    throw new TypeError('Give the program after --, as in: exec -- COMMAND')
  const runtime = values.for === undefined ? usualRuntime(command) : parseRuntime(values.for)
  const emulator = findEmulator({ data: values.data, info: values.info, url: values.url })
  const client = values.client === undefined ? undefined : await emulator.client(values.client)
  const variables = clientEnvironment(emulator.origin, { runtime, client, trust: emulator.trust })
  return { command, args: rest, env: { ...inherited(env), ...variables } }
}

/** Runs it to its end. @returns its exit code, or the signal that ended it */
export function runExec({ command, args, env }: ExecOrder): Promise<number | NodeJS.Signals> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: 'inherit' })
    const pass = (signal: NodeJS.Signals): void => {
      // Ctrl-C reaches every process of the terminal by itself; a second one would end the program without its farewell.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    }
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
    for (const signal of signals) process.on(signal, pass)
    child.once('error', (error) =>
      reject(new Error(`${command} cannot be started: ${error.message}`, { cause: error })),
    )
    child.once('close', (code, signal) => {
      for (const name of signals) process.off(name, pass)
      resolve(signal ?? code ?? 1)
    })
  })
}

const python =
  /^(i?python[\d.]*|pytest|py\.test|globus|flask|django-admin|uvicorn|gunicorn|jupyter(-\w+)?|uv|poetry|tox|nox)$/

const usualRuntime = (command: string): Runtime =>
  python.test(basename(command).replace(/\.exe$/, '')) ? 'python' : 'node'

/** The caller's environment, in which traces of another use of the emulator and a proxy do no harm. */
function inherited(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { GLOBUS_SDK_ENVIRONMENT: environment, ...others } = env
  const kept = environment === undefined || environment === PYTHON_ENVIRONMENT ? others : env
  if (!Object.keys(env).some((name) => /^https?_proxy$/i.test(name))) return kept
  const direct = [env['NO_PROXY'] ?? env['no_proxy'], '127.0.0.1', 'localhost'].filter(Boolean).join(',')
  return { ...kept, NO_PROXY: direct, no_proxy: direct }
}
