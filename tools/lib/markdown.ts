import { lineOf } from './source.ts'

/** A fenced block of a page. */
export interface Block {
  readonly language: string
  /** What stands after the language, such as `title="conftest.py"`. */
  readonly info: string
  readonly code: string
  /** Line of the first line of code, counted from 1. */
  readonly line: number
}

/** A link or image of a page, or a reference definition. */
export interface Link {
  readonly target: string
  readonly line: number
}

const fence = /^( *)(`{3,}|~{3,})([^\n`]*)\n([\s\S]*?)^ *\2[`~]*[ \t]*$/gm

/** The fenced code blocks of a page. */
export function blocksOf(page: string): Block[] {
  return [...page.matchAll(fence)].map((match) => {
    const [, indent = '', , info = '', code = ''] = match
    const language = info.trim().split(/[\s{]/)[0] ?? ''
    const rest = info.trim().slice(language.length).trim()
    const text = code.replaceAll(new RegExp(`^${indent}`, 'gm'), '')
    return { language, info: rest, code: text, line: lineOf(page, match.index) + 1 }
  })
}

/** The cells of those rows of a page's tables whose first cell looks like `key`, by that cell. */
export function rowsOf(page: string, key: RegExp): Map<string, readonly string[]> {
  const rows = page.split('\n').map((line) => line.split('|').map((cell) => cell.trim()))
  return new Map(rows.flatMap(([, first = '', ...rest]) => (key.test(first) ? [[first, rest] as const] : [])))
}

/** The links of a page, code left out. */
export function linksOf(page: string): Link[] {
  const prose = withoutCode(page)
  const patterns = [
    /\]\(\s*<?([^\s)>]+)[^)]*\)/g,
    /^ {0,3}\[[^\]]+\]:\s+<?(\S+?)>?(?:\s|$)/gm,
    /(?:href|src)="([^"]+)"/g,
  ]
  return patterns.flatMap((pattern) =>
    [...prose.matchAll(pattern)].map((match) => ({ target: match[1] ?? '', line: lineOf(prose, match.index) })),
  )
}

/** The anchors that a page offers: its headings as GitHub spells them, and explicit ids. */
export function anchorsOf(page: string): ReadonlySet<string> {
  const prose = page.replaceAll(fence, blank)
  const anchors = new Set([...prose.matchAll(/<\w+[^>]* (?:id|name)="([^"]+)"/g)].map((match) => match[1] ?? ''))
  const seen = new Map<string, number>()
  for (const [, title = ''] of prose.matchAll(/^#{1,6}\s+(.+?)\s*#*\s*$/gm)) {
    const slug = slugOf(title)
    const times = seen.get(slug) ?? 0
    seen.set(slug, times + 1)
    anchors.add(times === 0 ? slug : `${slug}-${times}`)
  }
  return anchors
}

function slugOf(title: string): string {
  const text = title.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/<[^>]+>/g, '')
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, '')
    .replaceAll(' ', '-')
}

function withoutCode(page: string): string {
  return page.replaceAll(fence, blank).replaceAll(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, blank)
}

/** Blanks keep every line where it was. */
function blank(text: string): string {
  return text.replaceAll(/[^\n]/g, ' ')
}
