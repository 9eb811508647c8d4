import { expect, test } from 'vitest'
import { skippedCells, verdicts } from './cells.ts'
import type { Judge } from './judges.ts'
import { clientsDocument } from './document.ts'
import { table } from './report.ts'
import type { JudgeRun, Outcome } from './run-judge.ts'

const judge: Judge = {
  client: 'a client',
  runtime: 'node',
  program: 'node/none.ts',
  required: ['login'],
  notImitated: { consents: 'the consents API' },
}

const run = (outcomes: Record<string, Outcome['outcome']>, crash?: string): JudgeRun => ({
  outcomes: Object.entries(outcomes).map(([feature, outcome]) => ({ feature, outcome, detail: 'its words' })),
  crash,
})

const verdictsOf = (outcomes: Record<string, Outcome['outcome']>, crash?: string): Record<string, string> =>
  Object.fromEntries(verdicts(judge, run(outcomes, crash)).map(({ feature, verdict }) => [feature, verdict]))

test('a required cell passes only by passing', () => {
  expect(verdictsOf({ login: 'pass', consents: 'not imitated' })).toEqual({ login: 'passed', consents: 'not imitated' })
  expect(verdictsOf({ login: 'not imitated', consents: 'not imitated' })).toMatchObject({ login: 'failed' })
  expect(verdictsOf({ login: 'fail', consents: 'not imitated' })).toMatchObject({ login: 'failed' })
})

test('a cell listed as not imitated fails once it works, and when it fails in any other way', () => {
  expect(verdictsOf({ login: 'pass', consents: 'pass' })).toMatchObject({ consents: 'failed' })
  expect(verdictsOf({ login: 'pass', consents: 'fail' })).toMatchObject({ consents: 'failed' })
})

test('a cell that did not run fails and says how the program ended', () => {
  const [login] = verdicts(judge, run({ consents: 'not imitated' }, 'ended with code 1'))
  expect(login).toMatchObject({ verdict: 'failed', detail: 'did not run: ended with code 1' })
})

test('a feature that nobody lists fails', () => {
  expect(verdictsOf({ login: 'pass', consents: 'not imitated', dancing: 'pass' })).toMatchObject({ dancing: 'failed' })
})

test('without its runtime every cell of a judge is skipped', () => {
  expect(skippedCells(judge).map(({ verdict }) => verdict)).toEqual(['skipped', 'skipped'])
})

test('the table shows every cell', () => {
  expect(table(verdicts(judge, run({ login: 'pass', consents: 'not imitated' })))).toBe(
    ['| feature  | 1    |', '| -------- | ---- |', '| login    | pass |', '| consents | 501  |'].join('\n'),
  )
})

test('the page names every client, what is not imitated, and each request that met a 501 once', () => {
  const cells = verdicts(judge, run({ login: 'pass', consents: 'not imitated' }))
  const id = '5e2f8a40-9b1c-4d3e-8a00-0c4b7d6e4003'
  const met = [`GET /v2/things/${id} 501: its words`, `GET /v2/things/${id} 501`, 'POST /mkdir 502: exists']
  const page = clientsDocument(cells, met)
  expect(page).toContain('1. a client')
  expect(page).toContain('- consents (a client): `the consents API`')
  expect(page.match(/`GET .*`/g)).toEqual(['`GET /v2/things/ID`'])
  expect(page).not.toContain('502')
})
