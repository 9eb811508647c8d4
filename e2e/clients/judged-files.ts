import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { demo, type RunningEmulator } from '@pierhead/emulator'

const { collections: c } = demo

/** What the judges of Transfer find in collections of the demo world. */
const files: readonly (readonly [collection: string, file: string, content: string | Buffer])[] = [
  [c.tidalSurveyArchive, 'survey/a.csv', 'time,level\n'],
  [c.tidalSurveyArchive, 'survey/b.csv', 'time,level\n1,2\n'],
  [c.tidalSurveyArchive, 'survey/photo.bin', Buffer.alloc(2_500_000, 'photo')],
  [c.tidalSurveyArchive, 'survey/deep/er/c.txt', 'deep'],
  [c.tidalSurveyArchive, '.hidden', ''],
  [c.tideCrewWorkspace, 'results/table.csv', 'x'],
  [c.mayasLaptop, 'notes.txt', 'x'],
  ...Array.from({ length: 250 }, (_, index) => [c.oddNames, `many/${index}.txt`, `${index}\n`] as const),
]

/** Gives every collection the files that the judges expect, and nothing else. */
export function plantFiles(emulator: RunningEmulator): void {
  const roots = new Map(emulator.info().collections.map(({ id, root }) => [id, root]))
  for (const id of new Set(Object.values(c).flat()))
    if (typeof roots.get(id) === 'string') rmSync(roots.get(id) ?? '', { recursive: true, force: true })
  for (const [id, file, content] of files) {
    const path = join(roots.get(id) ?? '', file)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
  }
}

/** The folders and ids of the named collections, for judges that compare what they did with the files. */
export function describeCollections(emulator: RunningEmulator): object {
  const roots = new Map(emulator.info().collections.map(({ id, root }) => [id, root]))
  const named = Object.entries(c).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return Object.fromEntries(named.map(([name, id]) => [name, { id, root: roots.get(id) ?? null }]))
}
