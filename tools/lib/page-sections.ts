import { blocksOf, type Block } from './markdown.ts'

/** How a block of a guide is tried out. */
export type Step =
  | { readonly kind: 'file'; readonly name: string; readonly block: Block }
  /** `until` is what the block after it shows: its output, where `…` stands for anything. */
  | { readonly kind: 'shell' | 'node' | 'python'; readonly block: Block; readonly shown: Block | undefined }
  /** A command that keeps running until the end of the section. */
  | { readonly kind: 'server'; readonly block: Block }

/** A part of a guide, from one `##` heading to the next, that is tried out by itself. */
export interface Section {
  readonly title: string
  readonly steps: readonly Step[]
  /** Programs beside Node and a shell that its blocks need. */
  readonly needs: ReadonlySet<'python' | 'browser' | 'container'>
}

/**
 * The parts of a guide that have blocks. A block is run by its language: `sh`, `ts` and `python`. With `title="NAME"` it is a file instead;
 * `sh server` keeps running until the section ends; `text` is what the block before it prints.
 *
 * @throws TypeError for a block that would not be tried out in any way
 */
export function sectionsOf(page: string): readonly Section[] {
  const starts = headingsOf(page)
  const blocks = blocksOf(page)
  return starts.flatMap(({ title, line }, index) => {
    const end = starts[index + 1]?.line ?? Infinity
    const own = blocks.filter((block) => block.line > line && block.line < end)
    const steps = own.flatMap((block, at) => stepOf(block, own[at + 1]) ?? [])
    return steps.length === 0 ? [] : [{ title, steps, needs: needsOf(own) }]
  })
}

function headingsOf(page: string): readonly { readonly title: string; readonly line: number }[] {
  const inBlocks = new Set(blocksOf(page).flatMap(({ line, code }) => code.split('\n').map((_, index) => line + index)))
  const lines = page.split('\n').map((text, index) => ({ text, line: index + 1 }))
  const headings = lines.filter(({ text, line }) => text.startsWith('## ') && !inBlocks.has(line))
  const first = { title: lines[0]?.text.replace(/^# /, '') ?? '', line: 0 }
  return [first, ...headings.map(({ text, line }) => ({ title: text.slice(3), line }))]
}

const kinds: Readonly<Record<string, 'shell' | 'node' | 'python'>> = { sh: 'shell', ts: 'node', python: 'python' }

function stepOf(block: Block, next: Block | undefined): Step | undefined {
  const { language, info, line } = block
  const name = /^title="([\w./-]+)"$/.exec(info)?.[1]
  if (name !== undefined) return { kind: 'file', name, block }
  if (language === 'sh' && info === 'server') return { kind: 'server', block }
  const kind = kinds[language]
  if (kind !== undefined && (info === '' || info === 'container'))
    return { kind, block, shown: next?.language === 'text' ? next : undefined }
  if (language === 'text') return undefined
  throw new TypeError(`Line ${line}: nothing would try out this block (${language} ${info})`)
}

function needsOf(blocks: readonly Block[]): Section['needs'] {
  const needs = new Set<'python' | 'browser' | 'container'>()
  for (const { language, info, code } of blocks) {
    if (language === 'python' || (language === 'sh' && /(^|\s)(python3?|pytest|globus) /m.test(code)))
      needs.add('python')
    if (language === 'sh' && /playwright test/.test(code)) needs.add('browser')
    if (info === 'container') needs.add('container')
  }
  return needs
}
