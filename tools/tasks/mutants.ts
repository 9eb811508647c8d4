// `npm run test:mutants`: removes one check after the other from a copy of the repository and demands that a test
// fails for each. `-- TEXT` takes only those whose name holds the text, `-- --short` every sixth.
import { join } from 'node:path'
import { filesBelow } from '../lib/source.ts'
import { type Mutant, runMutants } from '../lib/mutants.ts'
import { root } from '../lib/root.ts'

const isShort = process.argv[2] === '--short'
const wanted = isShort ? '' : (process.argv[2] ?? '')
/** The short form takes one of so many: a different kind of check each time, as they stand beside their like. */
const step = isShort ? 6 : 1
const lists = await Promise.all(filesBelow(root, ['tools/mutants'], ['.ts']).map(load))
const mutants = lists.flat().filter(({ name }, index) => name.includes(wanted) && index % step === 0)
const names = mutants.map(({ name }) => name)
const twice = names.find((name, index) => names.indexOf(name) !== index)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130))

try {
  if (mutants.length === 0) throw new Error(`No mutant has ${JSON.stringify(wanted)} in its name.`)
  if (twice !== undefined) throw new Error(`Two mutants are named ${JSON.stringify(twice)}.`)
  console.log(`Checking that ${mutants.length} mutants start from green tests …`)
  const results = await runMutants(mutants, {
    root,
    env: process.env,
    onResult: ({ name, outcome, seconds }) =>
      console.log(`${outcome.padEnd(8)}  ${seconds.toFixed(1).padStart(5)} s  ${name}`),
  })
  const killed = results.filter(({ outcome }) => outcome === 'killed').length
  console.log(`${killed} mutants killed, ${results.length - killed} not killed`)
  process.exitCode = killed === results.length ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

async function load(path: string): Promise<readonly Mutant[]> {
  // Every file there exports `mutants` of this type, which its own declaration proves to the compiler.
  const list = (await import(join(root, path))) as { mutants: readonly Mutant[] }
  return list.mutants
}
