import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** An emulator that runs as a program of its own, until it is killed. */
export interface Victim {
  /** The address once it listens. Rejects when it ends before. */
  readonly listening: Promise<string>
  /** Ends it by SIGKILL, in the middle of whatever it does, and waits until it is gone. */
  kill(): Promise<void>
}

const cli = join(import.meta.dirname, '../../src/cli.ts')

/** Starts the emulator on that data directory, without limits of speed; as another user of this machine if one is named. */
export function startVictim(dataDir: string, user?: number): Victim {
  const info = join(dataDir, 'kill-info.json')
  rmSync(info, { force: true })
  const options = ['--port', '0', '--host', '127.0.0.1', '--data', dataDir, '--no-sample-data', '--pace', 'instant']
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', cli, ...options, '--info', info], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(user === undefined ? {} : { uid: user, gid: user }),
  })
  let errors = ''
  child.stderr.on('data', (text: Buffer) => (errors = (errors + text.toString()).slice(-2000)))
  const ended = once(child, 'exit')
  const listening = Promise.race([
    once(child.stdout, 'data').then(() => addressIn(info)),
    ended.then(() => Promise.reject(new Error(`The emulator ended: ${errors}`))),
  ])
  // Whoever kills it before it listens does not wait for the address.
  listening.catch(() => undefined)
  return {
    listening,
    kill: async () => {
      child.kill('SIGKILL')
      await ended
      if (/warning: defect/.test(errors)) throw new Error(errors)
    },
  }
}

function addressIn(info: string): string {
  // What `--info` writes before the first line appears.
  const { url } = JSON.parse(readFileSync(info, 'utf8')) as { url: string }
  return url
}
