import type { Judge } from './judges.ts'
import type { JudgeRun, Outcome } from './run-judge.ts'

/** One field of the table. */
export interface Cell {
  readonly client: string
  readonly feature: string
  readonly verdict: 'passed' | 'failed' | 'skipped' | 'not imitated'
  readonly detail: string
}

/** Compares what a judge found with what judges.ts demands. */
export function verdicts(judge: Judge, run: JudgeRun): readonly Cell[] {
  const found = new Map(run.outcomes.map((outcome) => [outcome.feature, outcome]))
  const listed = listedFeatures(judge)
  const cells = listed.map((feature) => ({
    client: judge.client,
    feature,
    ...verdict(judge, feature, found, run.crash),
  }))
  const unlisted = run.outcomes.filter(({ feature }) => !listed.includes(feature))
  return [...cells, ...unlisted.map(({ feature }) => failed(judge, feature, 'no cell of judges.ts'))]
}

/** The cells of a judge that could not be run. */
export const skippedCells = (judge: Judge): readonly Cell[] =>
  listedFeatures(judge).map((feature) => ({ client: judge.client, feature, verdict: 'skipped', detail: '' }))

const listedFeatures = ({ required, notImitated = {} }: Judge): readonly string[] => [
  ...required,
  ...Object.keys(notImitated),
]

function verdict(
  judge: Judge,
  feature: string,
  found: ReadonlyMap<string, Outcome>,
  crash: string | undefined,
): Pick<Cell, 'verdict' | 'detail'> {
  const outcome = found.get(feature)
  if (outcome === undefined)
    return { verdict: 'failed', detail: `did not run${crash === undefined ? '' : `: ${crash}`}` }
  const missing = judge.notImitated?.[feature]
  const { detail } = outcome
  if (outcome.outcome === 'fail') return { verdict: 'failed', detail }
  if (outcome.outcome === 'pass') {
    return missing === undefined
      ? { verdict: 'passed', detail }
      : { verdict: 'failed', detail: 'works now: list it as required in judges.ts' }
  }
  return missing === undefined ? { verdict: 'failed', detail } : { verdict: 'not imitated', detail: missing }
}

const failed = ({ client }: Judge, feature: string, detail: string): Cell => ({
  client,
  feature,
  verdict: 'failed',
  detail,
})
