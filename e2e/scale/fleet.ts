import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endProgram, within } from '../../tools/lib/deadline.ts'

/** Portals that share their sessions, each a process of its own, as people run them. */
export interface Fleet {
  /** Everything that they printed, those that ended included. */
  readonly output: () => string
  /** How many requests the process in this place has answered since it was started last. */
  answered(place: number): number
  /** Ends one without a warning, in the middle of whatever it does. */
  kill(place: number): Promise<void>
  start(place: number): Promise<void>
  /** Restarts all with other secrets, one after the other. */
  roll(secrets: readonly string[]): Promise<void>
  /** Puts the clocks of all ahead by so many seconds more. */
  advance(seconds: number): Promise<void>
  stop(): Promise<void>
}

export interface FleetOptions {
  readonly ports: readonly number[]
  readonly env: NodeJS.ProcessEnv
  readonly secrets: readonly string[]
}

interface Member {
  readonly program: ChildProcess
  output: string
}

const main = join(import.meta.dirname, '../../apps/portal/src/main.ts')
const clock = join(import.meta.dirname, 'shifted-clock.ts')

export async function startFleet({ ports, env, secrets: first }: FleetOptions): Promise<Fleet> {
  const members = new Map<number, Member>()
  const former: string[] = []
  // One for all, as on one machine; never that of the checkout, which belongs to `npm start`.
  const folder = mkdtempSync(join(tmpdir(), 'pierhead-fleet-'))
  let secrets = first
  let ahead = 0

  const start = async (place: number): Promise<void> => {
    const own = { PORT: String(ports[place]), SESSION_SECRET: secrets.join(','), AHEAD: String(ahead) }
    members.set(place, await startMember({ ...env, PIERHEAD_DATA: folder, ...own }))
  }
  const end = async (place: number, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    const member = members.get(place)
    if (member === undefined) return
    members.delete(place)
    const closed = once(member.program, 'close')
    await endProgram(member.program, signal)
    await closed
    former.push(member.output)
  }
  const places = [...ports.keys()]
  await Promise.all(places.map(start))
  return {
    output: () => [...former, ...[...members.values()].map(({ output }) => output)].join('\n'),
    answered: (place) => members.get(place)?.output.match(/"message":"request"/g)?.length ?? 0,
    kill: (place) => end(place, 'SIGKILL'),
    start,
    async roll(next) {
      secrets = next
      for (const place of places) {
        await end(place, 'SIGTERM')
        await start(place)
      }
    },
    async advance(seconds) {
      ahead += seconds * 1000
      const shift = async ({ program }: Member): Promise<void> => {
        const shifted = once(program, 'message')
        program.send(ahead)
        await within('Putting the clock of a portal ahead', shifted)
      }
      await Promise.all([...members.values()].map(shift))
    },
    async stop() {
      await Promise.all(places.map((place) => end(place, 'SIGTERM')))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function startMember(env: NodeJS.ProcessEnv): Promise<Member> {
  const program = spawn(process.execPath, ['--conditions=pierhead-source', '--import', clock, main], {
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const kill = (): void => void program.kill('SIGKILL')
  process.once('exit', kill)
  program.once('exit', () => process.off('exit', kill))
  const member: Member = { program, output: '' }
  const ready = Promise.withResolvers<void>()
  for (const stream of [program.stdout, program.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      member.output += text
      if (member.output.includes('portal ready')) ready.resolve()
    })
  }
  program.once('close', (code) => ready.reject(new Error(`A portal ended with code ${code}:\n${member.output}`)))
  await within('Starting a portal', ready.promise)
  return member
}
