import { randomInt } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import { demo } from '../../src/index.ts'
import { createTransferRig, logIn, personWith, type Person } from '../transfer/support.ts'
import { eitherOf, inspectTree, makeTree } from './files.ts'
import { Ledger } from './ledger.ts'
import { startVictim, type Victim } from './victim.ts'

/** What the kills met. */
export interface KillFigures {
  readonly rounds: number
  /** Kills before it listened, with a task under way, and with a file half written. */
  readonly starting: number
  readonly working: number
  readonly writing: number
  /** Tasks that were carried to their ends, and submissions that were sent again because nobody knew their answers. */
  readonly transfers: number
  readonly deletions: number
  readonly repeated: number
  /** Files under their final names that were compared after the kills. */
  readonly comparisons: number
}

const { collections: c, people } = demo

/** Kills a program that copies and deletes at random moments, and checks each time that nothing is half, lost or doubled. */
export async function killRounds(rounds: number, report: (line: string) => void): Promise<KillFigures> {
  const dataDir = mkdtempSync(join(tmpdir(), 'pierhead-kill-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
  const { token, ledger, target } = await prepare(dataDir)
  const met = { starting: 0, working: 0, writing: 0 }
  for (let round = 0; round < rounds; round += 1) {
    const drafts = ledger.figures.drafts
    if (round % 8 === 7) {
      await killWhileStarting(startVictim(dataDir))
      met.starting += 1
    } else {
      await killAtWork(startVictim(dataDir), ledger, token)
      if (ledger.open > 0) met.working += 1
    }
    ledger.compare()
    if (ledger.figures.drafts > drafts) met.writing += 1
    if (round % 25 === 24) report(`${round + 1} kills, ${JSON.stringify({ ...met, ...ledger.figures })}`)
  }
  await finish(startVictim(dataDir), ledger, token)
  expect(readdirSync(target).filter((name) => name !== 'shared')).toEqual([])
  expect(inspectTree(target, new Map()).drafts).toEqual([])
  checkDatabase(dataDir, ledger)
  const { transfers, deletions, repeated, comparisons } = ledger.figures
  return { rounds, ...met, transfers, deletions, repeated, comparisons }
}

async function prepare(dataDir: string): Promise<{ token: string; ledger: Ledger; target: string }> {
  const { emulator, path } = createTransferRig({ dataDir })
  const [one, two] = [makeTree(path(c.oddNames, 'one'), 'one'), makeTree(path(c.oddNames, 'two'), 'two')]
  const target = path(c.tenThousandBuoys)
  const token = await logIn(emulator, people.maya, [])
  emulator.close()
  return { token, target, ledger: new Ledger({ target, sources: { one, two, either: eitherOf(one, two) } }) }
}

const personAt = (origin: string, token: string): Person => personWith(token, { origin, fetch })

async function killWhileStarting(victim: Victim): Promise<void> {
  await Promise.race([delay(randomInt(900)), victim.listening])
  await victim.kill()
}

/** Submits work, and kills it while it works, while it is asked and while it accepts. */
async function killAtWork(victim: Victim, ledger: Ledger, token: string): Promise<void> {
  const by = personAt(await victim.listening, token)
  await workDown(ledger, by)
  let killed = false
  const use = async (): Promise<undefined> => {
    await ledger.submitTransfer(by)
    await ledger.look(by)
    return undefined
  }
  // An answer that never came is what this is about; a wrong answer is not.
  const using = use().catch((error: unknown) => (killed && error instanceof TypeError ? undefined : { error }))
  await delay(randomInt(1500))
  killed = true
  await victim.kill()
  const failure = await using
  if (failure !== undefined) throw new Error('An answer was wrong', { cause: failure.error })
}

/** Lets work get done that piles up on a slow machine: a person may have no more than a hundred tasks. */
async function workDown(ledger: Ledger, by: Person): Promise<void> {
  while (ledger.open > 8) {
    await ledger.look(by)
    await delay(50)
  }
}

async function finish(victim: Victim, ledger: Ledger, token: string): Promise<void> {
  const by = personAt(await victim.listening, token)
  for (let tries = 0; ledger.open > 0 && tries < 600; tries += 1) {
    await ledger.look(by)
    await delay(200)
  }
  await victim.kill()
  expect(ledger.open).toBe(0)
}

function checkDatabase(dataDir: string, { figures }: Ledger): void {
  const database = new DatabaseSync(join(dataDir, 'world.sqlite'))
  expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
  const tasks = database.prepare(`SELECT state, count(*) AS count FROM tasks GROUP BY state`).all()
  database.close()
  expect(tasks).toEqual([{ state: 'succeeded', count: figures.transfers + figures.deletions }])
}
