// docs/complaints.md promises that what users of other login libraries complain about does not happen here. Each of the
// 25 complaints must have a test that bears its number, or a reason why it cannot arise.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { rowsOf } from './lib/markdown.ts'
import { runAlone } from './lib/report.ts'
import { testNames } from './lib/test-names.ts'

const document = 'docs/complaints.md'
const count = 25
const kinds = new Set(['tested', 'cannot arise'])

/** Rows that are missing or of an unknown kind, reasons that are missing, and rows that no test is named after. */
export function checkComplaints(root: string): string[] {
  const rows = rowsOf(readFileSync(join(root, document), 'utf8'), /^C\d\d$/)
  const tested = new Set(testNames(root).flatMap(({ name }) => name.match(/\bC\d\d\b/g) ?? []))
  return Array.from({ length: count }, (_, index) => `C${String(index + 1).padStart(2, '0')}`).flatMap((id) => {
    const [, kind = '', reason = ''] = rows.get(id) ?? []
    if (!rows.has(id)) return [`${document}: ${id} has no row`]
    if (!kinds.has(kind)) return [`${document}: ${id} is ${JSON.stringify(kind)}, which is no kind of row`]
    if (reason === '') return [`${document}: ${id} has no words`]
    return kind === 'cannot arise' || tested.has(id)
      ? []
      : [`${document}: ${id} is tested, and no test bears its number`]
  })
}

runAlone(import.meta.main, checkComplaints)
