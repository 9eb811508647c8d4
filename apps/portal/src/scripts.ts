import { hash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Scripts that pages start with: files of `client` that other files of it do not import. */
export type ScriptName = 'collections.ts' | 'files.ts' | 'preview.ts' | 'transfers.ts'

/** One module for browsers. */
export interface Script {
  /** Its address. It holds a hash of all modules, and relative imports keep it: an old page never mixes versions. */
  readonly path: string
  readonly body: string
}

export interface Scripts {
  readonly all: readonly Script[]
  href(name: ScriptName): string
}

const folder = join(import.meta.dirname, 'client')
/** The kit's own module for browsers, which `client` imports by its published name. */
const kit = { specifier: 'pierhead/browser', file: 'pierhead-browser.js' } as const

/** Reads the modules of `client` and takes their types away. Nothing is bundled. */
export function loadScripts(): Scripts {
  const own = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
  const modules: readonly (readonly [name: string, body: string])[] = [
    ...own.map((name) => [name, toJavaScript(readFileSync(join(folder, name), 'utf8'))] as const),
    [kit.file, toJavaScript(readFileSync(fileURLToPath(import.meta.resolve(kit.specifier)), 'utf8'))],
  ]
  const version = hash('sha256', JSON.stringify(modules), 'base64url').slice(0, 16)
  const pathOf = (name: string): string => `/assets/scripts/${version}/${name}`
  return { all: modules.map(([name, body]) => ({ path: pathOf(name), body })), href: pathOf }
}

/** Without types, and with the kit's module beside its importers. */
function toJavaScript(source: string): string {
  const script = withoutWarning(() => stripTypeScriptTypes(source))
  return compact(script.replaceAll(`from '${kit.specifier}'`, `from './${kit.file}'`))
}

/**
 * Without what only readers of the source need: comments that have lines of their own, indentation, and the blanks in place of
 * types. No text in `client` spans lines, so that nothing of a text is touched.
 */
function compact(script: string): string {
  const bare = script.replaceAll(/^[ \t]*\/\*\*[\s\S]*?\*\/[ \t]*$/gm, '').replaceAll(/^[ \t]*\/\/.*$/gm, '')
  const lines = bare.split('\n').map((line) => (/['"`/]/.test(line) ? line : line.replaceAll(/ {2,}/g, ' ')).trim())
  return lines.filter((line) => line !== '').join('\n')
}

/** Node calls the function experimental at its first use, on a stream that is for lines of the log. */
function withoutWarning<T>(work: () => T): T {
  const emitWarning = process.emitWarning.bind(process)
  process.emitWarning = () => undefined
  try {
    return work()
  } finally {
    process.emitWarning = emitWarning
  }
}
