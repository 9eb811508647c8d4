// An example that does not compile costs every reader the time it was to save: each code block of the guides is
// compiled, each link and anchor resolved, each npm script looked up.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { anchorsOf, blocksOf, linksOf } from './lib/markdown.ts'
import { runAlone } from './lib/report.ts'
import { filesBelow, foldersIn, readSource, type Source } from './lib/source.ts'

const compiled: Readonly<Record<string, string>> = { ts: 'ts', typescript: 'ts', js: 'js', javascript: 'js', mjs: 'js' }
const shells = new Set(['sh', 'bash', 'shell', 'console'])
/** npm's own commands that run a script of package.json. */
const shorthand = /\bnpm (?:run(?:-script)? ([\w:.-]+)|(start|test)\b)/g

/** What is wrong with README.md, CONTRIBUTING.md and the like, docs/ and the README files of packages and examples. */
export function checkDocs(root: string): string[] {
  const pages = pagesOf(root).map((path) => readSource(root, path))
  return [
    ...checkBlocks(root, pages),
    ...pages.flatMap((page) => [...checkLinks(root, page), ...checkScripts(root, page)]),
  ]
}

function pagesOf(root: string): string[] {
  const top = filesBelow(root, [''], ['.md']).filter((path) => !path.includes('/'))
  const readmes = ['packages', 'examples']
    .flatMap((group) => foldersIn(root, group).map((name) => `${group}/${name}/README.md`))
    .filter((path) => existsSync(join(root, path)))
  return [...top, ...filesBelow(root, ['docs'], ['.md']), ...readmes]
}

function checkBlocks(root: string, pages: readonly Source[]): string[] {
  const folder = join(root, '.docs-check')
  rmSync(folder, { recursive: true, force: true })
  const places = new Map<string, { path: string; line: number }>()
  for (const [index, { path, text }] of pages.entries())
    for (const { code, language, info, line } of blocksOf(text)) {
      const ending = compiled[language]
      // The reference shows declarations, each for itself.
      if (ending === undefined || info === 'declaration') continue
      // Blocks with a title may import each other.
      const title = /^title="([\w.-]+)"$/.exec(info)?.[1]
      const file = `page-${index + 1}/${title ?? `block-${places.size + 1}.${ending}`}`
      places.set(file, { path, line })
      mkdirSync(join(folder, `page-${index + 1}`), { recursive: true })
      writeFileSync(join(folder, file), code)
    }
  if (places.size === 0) return []
  const options = { noEmit: true, allowJs: true, checkJs: true, moduleDetection: 'force' }
  const unused = { noUnusedLocals: false, noUnusedParameters: false }
  const config = { extends: '../tsconfig.base.json', compilerOptions: { ...options, ...unused }, include: ['*/*'] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], {
    cwd: folder,
    encoding: 'utf8',
  })
  rmSync(folder, { recursive: true })
  return stdout.split('\n').flatMap((line) => {
    const [, file = '', row = '', rest] = /(?:^|\/)(page-\d+\/[\w.-]+)\((\d+),\d+\): (.*)/.exec(line) ?? []
    const place = places.get(file)
    if (place) return [`${place.path}:${place.line + Number(row) - 1}: ${rest}`]
    // Anything else that the compiler says, but not the further lines of one message.
    return /^\S/.test(line) ? [line] : []
  })
}

function checkLinks(root: string, { path, text }: Source): string[] {
  return linksOf(text).flatMap(({ line, target }) => {
    if (/^[a-z][a-z+.-]*:|^\/\//i.test(target)) return []
    const [file = '', anchor] = decodeURIComponent(target).split('#', 2)
    const linked = file === '' ? path : posix.normalize(posix.join(dirname(path), file))
    const absolute = join(root, linked)
    if (file.startsWith('/') || linked.startsWith('..') || !existsSync(absolute))
      return [`${path}:${line}: the link ${target} leads nowhere`]
    if (!anchor || !linked.endsWith('.md') || statSync(absolute).isDirectory()) return []
    return anchorsOf(readFileSync(absolute, 'utf8')).has(anchor) ? [] : [`${path}:${line}: ${linked} has no #${anchor}`]
  })
}

function checkScripts(root: string, { path, text }: Source): string[] {
  // npm's own file format.
  const { scripts = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts?: object }
  const blocks = blocksOf(text).filter(({ language }) => shells.has(language))
  return blocks.flatMap(({ code, line }) =>
    code.split('\n').flatMap((command, index) => {
      // A command that names another folder means that folder's scripts.
      if (/\bcd |--prefix| -w\b|--workspace/.test(command)) return []
      const names = [...command.matchAll(shorthand)].map((match) => match[1] ?? match[2] ?? '')
      return names.filter((name) => !(name in scripts)).map((name) => `${path}:${line + index}: no npm script ${name}`)
    }),
  )
}

runAlone(import.meta.main, checkDocs)
