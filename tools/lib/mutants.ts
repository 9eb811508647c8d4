import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { copyRepository } from './repository-copy.ts'
import { runVitest, type TestRun } from './vitest.ts'

/** A check that somebody might remove, and the tests that must notice. */
export interface Mutant {
  /** What is taken away, as a sentence: `the state of the callback is not compared`. */
  readonly name: string
  /** The file to change, relative to the root. */
  readonly file: string
  /** Text or pattern that occurs exactly once in the file; otherwise the mutant is stale and fails the run. */
  readonly find: string | RegExp
  /** What takes its place, literally. */
  readonly replace: string
  /** Where a test must fail: a vitest project, and parts of the names of its files (default: all of them). */
  readonly tests: { readonly project: string; readonly files?: readonly string[] }
}

/** What became of a mutant. */
export interface MutantResult {
  readonly name: string
  /** `killed` is the only good end; `broken`: nothing ran, so nothing was proved. */
  readonly outcome: 'killed' | 'survived' | 'stale' | 'broken'
  readonly seconds: number
}

/** What a run is given. */
export interface MutantRunOptions {
  readonly root: string
  readonly env: NodeJS.ProcessEnv
  /** How many copies work at once. Default 2. */
  readonly parallel?: number
  /** Milliseconds for one mutant's tests, or for those of a project without any. Default 10 minutes. */
  readonly timeout?: number
  /** Called as each mutant ends. */
  readonly onResult?: (result: MutantResult) => void
}

/**
 * Applies each mutant alone to a copy of the repository and runs its tests.
 * @throws Error when the tests fail, or none runs, on the unchanged copy: then no failure would prove anything
 */
export async function runMutants(mutants: readonly Mutant[], options: MutantRunOptions): Promise<MutantResult[]> {
  const queue = [...mutants]
  const results: MutantResult[] = []
  const copies = Array.from({ length: Math.min(options.parallel ?? 2, mutants.length) }, () =>
    copyRepository(options.root),
  )
  const removeAll = () => {
    for (const copy of copies) copy.remove()
  }
  process.once('exit', removeAll)
  try {
    const [first] = copies
    if (first) await demandGreen(mutants, first.root, options)
    const work = async (copy: string) => {
      for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
        const result = await tryMutant(mutant, copy, options)
        results.push(result)
        options.onResult?.(result)
      }
    }
    await Promise.all(copies.map(({ root }) => work(root)))
  } finally {
    process.off('exit', removeAll)
    removeAll()
  }
  return results
}

async function demandGreen(mutants: readonly Mutant[], copy: string, options: MutantRunOptions): Promise<void> {
  for (const project of new Set(mutants.map(({ tests }) => tests.project))) {
    const own = mutants.filter(({ tests }) => tests.project === project).map(({ tests }) => tests.files ?? [])
    const files = own.some((list) => list.length === 0) ? [] : [...new Set(own.flat())]
    const run = await runTests(argumentsFor({ project, files }), copy, options)
    if (run.code === 0 && run.passed > 0) continue
    const counts = `${run.passed} passed, ${run.failed} failed`
    throw new Error(
      `Without any change the tests of ${project} (${files.join(', ') || 'all'}) are not green: ${counts}.`,
    )
  }
}

async function tryMutant(mutant: Mutant, copy: string, options: MutantRunOptions): Promise<MutantResult> {
  const start = performance.now()
  const end = (outcome: MutantResult['outcome']) => {
    return { name: mutant.name, outcome, seconds: (performance.now() - start) / 1000 }
  }
  const file = join(copy, mutant.file)
  const text = readText(file)
  const changed = text === undefined ? undefined : mutate(text, mutant)
  if (text === undefined || changed === undefined) return end('stale')
  writeFileSync(file, changed)
  try {
    const run = await runTests([...argumentsFor(mutant.tests), '--bail=1', ...hangs], copy, options)
    if (run.failed > 0) return end('killed')
    return end(run.passed > 0 && run.code === 0 ? 'survived' : 'broken')
  } finally {
    writeFileSync(file, text)
  }
}

/** A check that is gone may let a test wait for ever: that is noticed too, but not after the minutes that others are given. */
const hangs = ['--testTimeout=30000', '--hookTimeout=30000']

/** The changed text; undefined when the place is not found exactly once or nothing would change. */
function mutate(text: string, { find, replace }: Mutant): string | undefined {
  const pattern = typeof find === 'string' ? find : new RegExp(find.source, find.flags.replace('g', ''))
  const parts = typeof find === 'string' ? text.split(find).length - 1 : [...text.matchAll(globally(find))].length
  if (parts !== 1) return undefined
  const changed = text.replace(pattern, () => replace)
  return changed === text ? undefined : changed
}

function globally(pattern: RegExp): RegExp {
  return pattern.global ? pattern : new RegExp(pattern.source, `${pattern.flags}g`)
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function argumentsFor({ project, files = [] }: Mutant['tests']): string[] {
  return ['--project', project, ...files]
}

function runTests(args: readonly string[], cwd: string, options: MutantRunOptions): Promise<TestRun> {
  return runVitest(args, { cwd, env: options.env, quiet: true, timeout: options.timeout ?? 600_000 })
}
