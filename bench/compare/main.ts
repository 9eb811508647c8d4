// `npm run compare`: defects of named releases of other libraries, seen to happen, beside the same steps with the kit.
import { compareAll } from './reproductions.ts'
import { startScene, type Outcome } from './scene.ts'

const scene = await startScene()
const comparisons = await compareAll(scene)
await scene.close()

if (process.argv.includes('--json')) console.log(JSON.stringify(comparisons))
else printTable()
process.exitCode = comparisons.every(({ theirs, ours }) => ours.holds && !theirs.holds) ? 0 : 1

function printTable(): void {
  console.log('| | what | library | there | Pierhead |\n| --- | --- | --- | --- | --- |')
  for (const { id, what, library, theirs, ours } of comparisons)
    console.log(`| ${id} | ${what} | ${library} | ${cell(theirs)} | ${cell(ours)} |`)
}

function cell({ holds, seen }: Outcome): string {
  return `${holds ? 'ok' : '**fails**'}: ${seen}`
}
