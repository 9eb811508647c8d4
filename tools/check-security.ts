// docs/security.md says which test proves what about attacks and failures. It is made from the names of the tests, so
// that it cannot promise more than they do; this check says when it is stale, and `--update` writes it anew.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { advisories } from './catalogue/advisories.ts'
import { reliability } from './catalogue/reliability.ts'
import { security } from './catalogue/security.ts'
import type { Item } from './catalogue/item.ts'
import { runAlone } from './lib/report.ts'
import { root as ownRoot } from './lib/root.ts'
import { testNames, type NamedTest } from './lib/test-names.ts'

const document = 'docs/security.md'
const shown = 4

const introduction = `# Security and reliability: what is tested, and where

Each line of the catalogue below has the tests that bear its number in their names, or says why it has none. "Not
applicable" means that what is attacked does not exist here; "later" means that nobody has proved it yet. A test proves
what its sentence says, which need not be all of its line.

\`tools/check-security.ts\` makes this page from the names of the tests; with \`--update\` it writes it anew.
`

/** Numbers without a line, lines without tests or reason, reasons that tests have overtaken, and a page that is stale. */
export function checkSecurity(root: string): string[] {
  const proofs = proofsIn(root)
  const items = [...security, ...reliability]
  const known = new Set(items.map(({ id }) => id))
  const unknown = [...proofs].flatMap(([id, [first]]) =>
    known.has(id) ? [] : [`${first?.path ?? ''}: ${id} is in the name of a test, and not in the catalogue`],
  )
  const wrong = items.flatMap((item) => problemOf(item, proofs))
  const targets = advisories.flatMap(({ id, items: caught }) =>
    caught.filter((each) => !known.has(each)).map((each) => `${id}: ${each} is not in the catalogue`),
  )
  const file = join(root, document)
  const isFresh = existsSync(file) && readFileSync(file, 'utf8') === pageOf(proofs)
  const stale = isFresh ? [] : [`${document} is stale; node tools/check-security.ts --update writes it anew`]
  return [...unknown, ...wrong, ...targets, ...stale]
}

type Proofs = ReadonlyMap<string, readonly NamedTest[]>

function proofsIn(root: string): Proofs {
  const proofs = new Map<string, NamedTest[]>()
  for (const test of testNames(root)) {
    for (const [id] of test.name.matchAll(/\b(?:SEC|REL)-\d+\b/g)) {
      const found = proofs.get(id) ?? []
      proofs.set(id, [...found, test])
    }
  }
  return proofs
}

function problemOf({ id, without }: Item, proofs: Proofs): string[] {
  const isProved = proofs.has(id)
  if (isProved === (without === undefined)) return []
  return isProved
    ? [`tools/catalogue: ${id} has tests now; take its reason for having none away`]
    : [`tools/catalogue: ${id} has no test and no reason for that`]
}

function pageOf(proofs: Proofs): string {
  const count = (items: readonly Item[]): string => {
    const of = (kind: string): number => items.filter(({ without }) => without?.[0] === kind).length
    const tested = items.filter(({ without }) => without === undefined).length
    return `${tested} of ${items.length} tested, ${of('not applicable')} not applicable, ${of('later')} later.`
  }
  const chapter = (title: string, items: readonly Item[]): string =>
    [`## ${title}`, count(items), ...items.map((item) => sectionOf(item, proofs))].join('\n\n')
  return (
    [introduction.trimEnd(), chapter('Security', security), chapter('Reliability', reliability), advisoriesOf(), '']
      .join('\n\n')
      .trimEnd() + '\n'
  )
}

function sectionOf({ id, title, without }: Item, proofs: Proofs): string {
  const heading = `### ${id}: ${title}`
  if (without !== undefined) {
    const [kind, reason] = without
    return `${heading}\n\n${kind === 'later' ? 'Later' : 'Not applicable'}: ${reason}`
  }
  const byFile = Map.groupBy(proofs.get(id) ?? [], ({ path }) => path)
  return `${heading}\n\n${Array.from(byFile, ([path, tests]) => lineOf(path, tests)).join('\n')}`
}

function lineOf(path: string, tests: readonly NamedTest[]): string {
  const names = Array.from(new Set(tests.map(({ name }) => wordsOf(name))))
  const more = names.length > shown ? `, and ${names.length - shown} more` : ''
  return `- [${path}](../${path}): ${names
    .slice(0, shown)
    .map((name) => `\`${name}\``)
    .join(', ')}${more}`
}

/** The sentence without its numbers, fit to stand in a code span. */
const wordsOf = (name: string): string =>
  name
    .replaceAll(/\b(?:SEC-\d+|REL-\d+|S[12]\.\d+|CVE-[\d-]+)\b,?\s*/g, '')
    .replaceAll('`', "'")
    .replaceAll(/\s+/g, ' ')
    .trim() || name

function advisoriesOf(): string {
  const lines = advisories.map(({ id, project, items }) => `- ${id} (${project}): ${items.join(', ')}`)
  return `## Advisories of other projects\n\nEach is an example of the lines named beside it.\n\n${lines.join('\n')}`
}

if (import.meta.main && process.argv.includes('--update')) {
  writeFileSync(join(ownRoot, document), pageOf(proofsIn(ownRoot)))
}
runAlone(import.meta.main, checkSecurity)
