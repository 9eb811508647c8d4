import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Which contents each file of a tree may have, as digests. */
export type Contents = ReadonlyMap<string, readonly string[]>

/** Writes a tree of large and small files, whose contents depend on the seed. */
export function makeTree(folder: string, seed: string): Contents {
  const contents = new Map<string, readonly string[]>()
  const write = (name: string, size: number): void => {
    const content = Buffer.alloc(size, `${seed} ${name},`)
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
    contents.set(name, [digest(content)])
  }
  for (let index = 0; index < 8; index += 1) write(`large-${index}`, 700_003 + index * 250_000)
  for (let index = 0; index < 150; index += 1) write(`small/${index}`, 2048 + index)
  return contents
}

/** What a tree may be that is written by copies of both. */
export const eitherOf = (one: Contents, other: Contents): Contents =>
  new Map(Array.from(one, ([name, digests]) => [name, [...digests, ...(other.get(name) ?? [])]]))

export interface Tree {
  /** Files under their final names. */
  readonly names: readonly string[]
  /** Those of them that are not what they should be. */
  readonly wrong: readonly string[]
  /** Names under which files are written until they are whole. */
  readonly drafts: readonly string[]
}

/** Compares what is in a folder with what may be there; a missing folder is empty. */
export function inspectTree(folder: string, contents: Contents): Tree {
  const found = filesIn(folder)
  const drafts = found.filter((name) => /(^|\/)\.pierhead-/.test(name))
  const names = found.filter((name) => !drafts.includes(name))
  const isRight = (name: string): boolean =>
    contents.get(name)?.includes(digest(readFileSync(join(folder, name)))) === true
  return { names, drafts, wrong: names.filter((name) => !isRight(name)) }
}

function filesIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
  } catch {
    return []
  }
}

const digest = (content: Buffer): string => createHash('sha1').update(content).digest('hex')
