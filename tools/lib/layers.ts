import { existsSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { foldersIn } from './source.ts'

const source = 'packages/pierhead/src/'

/** Height of each part of the kit: an import goes strictly downwards, or stays inside one folder of `lib`. */
const heights: readonly (readonly [part: RegExp, height: number])[] = [
  [/^errors\.ts$/, 0],
  [/^lib\/(oauth|session|proxy-config)\//, 1],
  [/^lib\/(login|globus)\//, 2],
  [/^lib\/testing\//, 3],
  // The root entry gives a login the memory store for what must be used once where no store is configured, `testing` exports it.
  [/^(index|testing)\.ts$/, 4],
  [/^(session-store\/)?[^/]+\.ts$/, 3],
]

/** The one part of the kit that may name each package. What is not listed has no place in the kit. */
const owners: Readonly<Record<string, RegExp>> = {
  oauth4webapi: /^lib\/oauth\//,
  jose: /^lib\/oauth\//,
  cookie: /^lib\/session\//,
  '@globus/sdk': /^lib\/globus\//,
  hono: /^hono\.ts$/,
  express: /^express\.ts$/,
  fastify: /^fastify\.ts$/,
  next: /^next\.ts$/,
  redis: /^session-store\/redis\.ts$/,
  pg: /^session-store\/postgres\.ts$/,
  'node:sqlite': /^session-store\/sqlite\.ts$/,
}

/** The height of a file of the kit; undefined when no layer owns it. */
export function kitLayer(path: string): number | undefined {
  const inside = path.slice(source.length)
  return heights.find(([part]) => part.test(inside))?.[1]
}

/** Why one file of the kit may not import the other; undefined when it may. */
export function kitMayImport(path: string, imported: string): string | undefined {
  if (!imported.startsWith(source)) return 'source imports source only'
  const [from, to] = [kitLayer(path), kitLayer(imported)]
  if (from === undefined || to === undefined) return 'no layer owns it'
  if (to < from) return undefined
  const isSameFolder = path.startsWith(`${source}lib/`) && folderOf(path) === folderOf(imported)
  if (isSameFolder) return undefined
  return to === from ? 'neighbours on one level never import each other' : 'imports go downwards'
}

/** Why a file of the kit may not use the package; undefined when it may. */
export function kitMayUse(path: string, name: string): string | undefined {
  if (!path.startsWith(source)) return undefined
  const owner = owners[name]
  if (owner === undefined) return 'no layer of the kit owns that package'
  return owner.test(path.slice(source.length)) ? undefined : 'another part of the kit owns that package'
}

/** `@scope/name` or `name` of an import specifier. */
export function packageOf(target: string): string {
  return target.split('/', target.startsWith('@') ? 2 : 1).join('/')
}

/** Every specifier that the packages of the repository export. */
export function publishedEntries(root: string): ReadonlySet<string> {
  const names = foldersIn(root, 'packages').flatMap((folder) => {
    const file = join(root, 'packages', folder, 'package.json')
    if (!existsSync(file)) return []
    // npm's own file format; a package without exports publishes nothing.
    const found = JSON.parse(readFileSync(file, 'utf8')) as { name: string; exports?: Record<string, unknown> }
    return Object.keys(found.exports ?? {}).map((key) => posix.join(found.name, key))
  })
  return new Set(names)
}

function folderOf(path: string): string {
  return path.slice(source.length).split('/', 2).join('/')
}
