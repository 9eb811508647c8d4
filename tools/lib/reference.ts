import { format } from 'prettier'
import { type Declaration, type Declarations, readDeclarations } from './declarations.ts'
import type { PackedPackage } from './pack.ts'

/** A page of the reference, for one entry of a package. */
export interface ReferencePage {
  readonly path: string
  readonly text: string
}

interface Entry {
  /** What is imported, such as `pierhead/express`. */
  readonly specifier: string
  /** Name of its page. */
  readonly page: string
  readonly exported: readonly Declaration[]
}

/** Where a declaration is written out. */
interface Home {
  readonly page: string
  readonly slug: string
  readonly anchor: string
  readonly specifier: string
}

interface Known {
  readonly declarations: Declarations
  readonly homes: ReadonlyMap<string, Home>
}

/** How far types without a name outside are followed. Those of the emulator soon lead everywhere in it. */
const depths: Readonly<Record<string, number>> = { pierhead: 2 }

const order = 'Written by `node tools/check-reference.ts --update` from the declarations that the package contains.'

/** The reference of a package, from the declarations that were packed: a page for each entry, and one that lists them. */
export async function referenceOf({ folder, manifest }: PackedPackage, home: string): Promise<ReferencePage[]> {
  const declarations = readDeclarations(`${folder}/dist`)
  const entries = Object.keys(manifest.exports)
    .filter((key) => !key.endsWith('.json'))
    .map((key) => {
      const path = key === '.' ? 'index' : key.slice(2)
      const exported = declarations.exportsOf(`${path}.d.ts`)
      return { specifier: `${manifest.name}${key.slice(1)}`, page: `${path.replaceAll('/', '-')}.md`, exported }
    })
  const homes = new Map<string, Home>()
  for (const { exported, ...entry } of entries) for (const one of exported) settle(homes, one, entry)
  const pages: ReferencePage[] = []
  for (const entry of entries) {
    const hidden = hiddenOf(entry.exported, { declarations, homes, depth: depths[manifest.name] ?? 0 })
    for (const one of hidden) settle(homes, one, entry)
    pages.push({ path: `${home}/${entry.page}`, text: await pageOf(entry, hidden, { declarations, homes }) })
  }
  return [...pages, { path: `${home}/README.md`, text: listOf(manifest.name, entries, homes) }]
}

/** What nobody who reads the reference can know: exported names, and members of options, that say nothing of themselves. */
export function undocumented({ folder, manifest }: PackedPackage): string[] {
  const declarations = readDeclarations(`${folder}/dist`)
  const entries = Object.keys(manifest.exports).filter((key) => !key.endsWith('.json'))
  const exported = entries.flatMap((key) => declarations.exportsOf(`${key === '.' ? 'index' : key.slice(2)}.d.ts`))
  const findings = exported.flatMap(({ name, comment, silentMembers }) => [
    ...(comment === '' ? [`${manifest.name}: ${name} has no doc comment`] : []),
    ...(name.endsWith('Options')
      ? silentMembers.map((it) => `${manifest.name}: ${name}.${it} has no doc comment`)
      : []),
  ])
  return [...new Set(findings)]
}

const keyOf = ({ file, name }: Declaration): string => `${file}#${name}`

function settle(homes: Map<string, Home>, one: Declaration, { specifier, page }: Omit<Entry, 'exported'>): void {
  if (homes.has(keyOf(one))) return
  const slug = one.name.toLowerCase()
  const same = [...homes.values()].filter((home) => home.page === page && home.slug === slug).length
  // As GitHub tells headings with the same words apart.
  homes.set(keyOf(one), { page, specifier, slug, anchor: same === 0 ? slug : `${slug}-${same}` })
}

/** Types that exported ones mention, and which have no name outside the package. */
function hiddenOf(
  exported: readonly Declaration[],
  { declarations, homes, depth }: Known & { readonly depth: number },
): Declaration[] {
  const found = new Map<string, Declaration>()
  let level = exported
  for (let step = 0; step < depth; step += 1) {
    const mentioned = level.flatMap((one) => one.mentions.flatMap((name) => declarations.find(one.file, name) ?? []))
    level = mentioned.filter((one) => !homes.has(keyOf(one)) && !found.has(keyOf(one)))
    for (const one of level) found.set(keyOf(one), one)
  }
  return [...found.values()]
}

async function pageOf(
  { specifier, page, exported }: Entry,
  hidden: readonly Declaration[],
  { declarations, homes }: Known,
): Promise<string> {
  const elsewhere = exported.filter((one) => homes.get(keyOf(one))?.page !== page)
  const isValue = ({ text }: Declaration): boolean => text.startsWith('declare ')
  const own = exported.filter((one) => !elsewhere.includes(one))
  const here = [...own.filter(isValue), ...own.filter((one) => !isValue(one))]
  const part = async (one: Declaration): Promise<string> => {
    const code = await format(one.text, { parser: 'typescript', semi: false, singleQuote: true, printWidth: 100 })
    const named = one.mentions.flatMap((name) => {
      const mentioned = declarations.find(one.file, name)
      const home = mentioned && homes.get(keyOf(mentioned))
      return mentioned === undefined || mentioned === one || home === undefined
        ? []
        : [link(mentioned.name, home, page)]
    })
    const links = named.length === 0 ? [] : [`Named here: ${[...new Set(named)].join(', ')}.`]
    return [`### ${one.name}`, prose(one.comment), `\`\`\`ts declaration\n${code}\`\`\``, ...links]
      .filter(Boolean)
      .join('\n\n')
  }
  const parts = [`# ${specifier}`, order, `[All entries](README.md)`]
  if (elsewhere.length > 0) {
    const links = elsewhere.flatMap((one) => {
      const home = homes.get(keyOf(one))
      return home === undefined ? [] : [link(one.name, home, page)]
    })
    parts.push(`From other entries: ${links.join(', ')}.`)
  }
  parts.push('## Exports')
  for (const one of here) parts.push(await part(one))
  if (hidden.length > 0) parts.push('## Types without a name outside')
  for (const one of hidden) parts.push(await part(one))
  return `${parts.join('\n\n')}\n`
}

function link(name: string, home: Home, from: string): string {
  return `[${name}](${home.page === from ? '' : home.page}#${home.anchor})`
}

/** A doc comment as Markdown. */
function prose(comment: string): string {
  return comment
    .replaceAll(/\{@link (\w+)\}/g, '`$1`')
    .replaceAll(/^@throws /gm, '\nThrows: ')
    .replaceAll(/^@returns /gm, '\nGives ')
    .replaceAll(/^@see /gm, '\nSee ')
    .trim()
}

function listOf(name: string, entries: readonly Entry[], homes: ReadonlyMap<string, Home>): string {
  const lines = entries.map(({ specifier, page, exported }) => {
    const links = exported.flatMap((one) => {
      const home = homes.get(keyOf(one))
      return home === undefined ? [] : [link(one.name, home, 'README.md')]
    })
    return `- [${specifier}](${page}): ${links.join(', ')}`
  })
  return `# Reference of ${name}\n\n${order}\n\n${lines.join('\n')}\n`
}
