// `npm run test:clients`: real clients, unmodified, against the emulator on loopback. The judges are the programs beside
// this file; judges.ts says which cells of client × feature must pass.
import { clientsDocument, keepDocument } from './document.ts'
import { runtimes } from './runtimes.ts'
import { judges, type Judge } from './judges.ts'
import { runJudge } from './run-judge.ts'
import { printReport } from './report.ts'
import { plantFiles } from './judged-files.ts'
import { openWorld } from './world.ts'
import { skippedCells, verdicts, type Cell } from './cells.ts'

const strict = process.env.CI === 'true'
const wanted = (process.argv[2] ?? '').toLowerCase()
const chosen = judges.filter(({ client }) => client.toLowerCase().includes(wanted))

const { emulator, env, answers } = await openWorld()
const programs = runtimes(new Set(chosen.map(({ runtime }) => runtime)))
const cells: Cell[] = []
const met: string[] = []
for (const judge of chosen) cells.push(...(await judgeCells(judge)))
await emulator.close()
const isGood = printReport(cells, { strict, reasons: programs.reasons })
const isWhole = chosen.length === judges.length && cells.every(({ verdict }) => verdict !== 'skipped')
const isWritten = !isGood || !isWhole || (await keepDocument(clientsDocument(cells, met), { strict }))
process.exitCode = isGood && isWritten ? 0 : 1

async function judgeCells(judge: Judge): Promise<readonly Cell[]> {
  const program = programs.paths.get(judge.runtime)
  if (program === undefined) return skippedCells(judge)
  const start = performance.now()
  // What one judge consented to must not spare the next one a page.
  emulator.reset()
  plantFiles(emulator)
  answers.length = 0
  const outcomes = await runJudge(judge, { program, env })
  console.log(`${judge.client} (${((performance.now() - start) / 1000).toFixed(1)} s)`)
  const cells = verdicts(judge, outcomes)
  for (const { feature, verdict, detail } of cells) {
    if (verdict === 'failed') console.log(`  FAILED ${feature}: ${detail}`)
  }
  for (const line of new Set(answers)) console.log(`  met ${line}`)
  met.push(...answers)
  return cells
}
