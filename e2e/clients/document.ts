import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { root } from '../../tools/lib/root.ts'
import type { Cell } from './cells.ts'
import { clientsOf, table } from './report.ts'

const file = join(root, 'docs/clients.md')

/** The page about clients, from what ran. `answers` are those of 500 and above that the judges met. */
export function clientsDocument(cells: readonly Cell[], answers: readonly string[]): string {
  const missing = cells.filter(({ verdict }) => verdict === 'not imitated')
  const met = Array.from(new Set(answers.map(endpointOf)).values()).filter((line) => line !== undefined)
  return [
    '# Clients that judge the emulator',
    '',
    'Unmodified clients run against the emulator by `npm run test:clients`, which writes this page. `pass`: the client did',
    'it, and files that it moved were compared by their hashes. `501`: the emulator does not imitate it and says so. An',
    'empty cell is nothing that the client has, or what another client shows.',
    '',
    ...clientsOf(cells).map((client, index) => `${index + 1}. ${client}`),
    '',
    table(cells),
    '',
    '## What answers 501',
    '',
    ...missing.map(({ client, feature, detail }) => `- ${feature} (${client}): \`${detail}\``),
    ...(met.length === 0 ? [] : ['', 'Requests of the judges that met a 501:', '']),
    ...met.toSorted().map((line) => `- \`${line}\``),
    '',
  ].join('\n')
}

/** Writes the page when everything ran. With `strict` it must be there already. @returns whether the page is right */
export async function keepDocument(text: string, { strict }: { strict: boolean }): Promise<boolean> {
  const formatted = await format(text, { ...(await resolveConfig(file)), parser: 'markdown' })
  if (existsSync(file) && readFileSync(file, 'utf8') === formatted) return true
  if (strict) console.log('docs/clients.md is not what ran: npm run test:clients writes it.')
  else writeFileSync(file, formatted)
  return !strict
}

/** `GET /path` of a line about a 501, with `ID` where an id stands; undefined for other lines. */
function endpointOf(line: string): string | undefined {
  const [, request] = /^([A-Z]+ \S+) 501\b/.exec(line) ?? []
  return request?.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID')
}
