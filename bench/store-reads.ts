// The stores alone: `node --conditions=pierhead-source bench/store-reads.ts`. With `--million`: whether a million sessions make a
// lookup in SQLite and Postgres slower; takes some minutes and 9 GB below the folder for temporary files. It fails above 1.5 times.
import { parseArgs } from 'node:util'
import { median, ratioOfRounds } from './statistics.ts'
import { measureMillion, measureStores } from './store-load.ts'
import { storesTable } from './store-report.ts'

const rounds = 5
const limit = 1.5
const { values: options } = parseArgs({ options: { million: { type: 'boolean', default: false } } })

if (options.million) {
  for (const kind of ['SQLite', 'Postgres'] as const) {
    const { few, many } = await measureMillion(kind, rounds)
    const ratio = ratioOfRounds(few, many)
    const words = `${Math.round(median(few))} reads per second with 1,000 sessions, ${Math.round(median(many))} with 1,000,000`
    console.log(
      `${kind}: ${words}: a lookup takes ${ratio.median.toFixed(2)} times as long (at most ${limit} is promised).`,
    )
    if (ratio.median > limit) process.exitCode = 1
  }
} else {
  const { title, markdown } = storesTable(await measureStores(rounds))
  console.log(`${title}:\n\n${markdown}`)
}
