import { expect, it } from 'vitest'
import { killRounds } from './kill-rounds.ts'

const rounds = Number(process.env['PIERHEAD_KILL_ROUNDS'] ?? 5)

it(
  'REL-58 REL-59 survives kill -9 at any moment: no final name is half a file, no task is lost, and all come to their ends',
  { timeout: 120_000 + rounds * 30_000 },
  async () => {
    const report = (line: string): void => void process.stdout.write(`${line}\n`)
    const figures = await killRounds(rounds, report)
    expect(figures).toMatchObject({ rounds, transfers: rounds - figures.starting })
    report(`No half file and no lost task: ${JSON.stringify(figures)}`)
  },
)
