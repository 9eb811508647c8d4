import { html } from 'hono/html'
import { lexer, type MarkedToken, type Token, type Tokens } from 'marked'
import { withinTime } from '../preview/within-time.ts'
import type { Html } from './html.ts'

export interface MarkdownOptions {
  /** The level of the page's heading above the text: its own begin below that. Default 2. */
  readonly below?: number
  /** Where a relative address leads; undefined: it is no link. Default: relative addresses are none. */
  readonly resolve?: (address: string) => string | undefined
}

interface Writer {
  readonly below: number
  readonly resolve: (address: string) => string | undefined
}

type Piece = Html | string

/** More would keep the server busy for one page. Characters. */
const longest = 100_000
const deepest = 40
/** Milliseconds for one text. The lexer looks at some texts again and again for each of their characters. */
const patience = 1000

/**
 * Markdown from strangers as a piece of a page. Everything is written by our own templates, which escape: HTML in the text is
 * shown as text. Images are links, because nothing is loaded from elsewhere.
 */
export function markdown(text: string, options: MarkdownOptions = {}): Html {
  const writer: Writer = { below: options.below ?? 2, resolve: options.resolve ?? (() => undefined) }
  const source = text.slice(0, longest)
  // What takes so long, or is nested so deeply, nobody wrote for reading.
  return withinTime(() => written(source, writer), patience) ?? html`<pre class="prose">${source}</pre>`
}

function written(source: string, writer: Writer): Html {
  try {
    return html`<div class="prose">${blocks(lexer(source), writer, 0)}</div>`
  } catch (error) {
    if (error instanceof RangeError) return html`<pre class="prose">${source}</pre>`
    throw error
  }
}

function blocks(tokens: readonly Token[], writer: Writer, depth: number): Piece[] {
  if (depth > deepest) throw new RangeError('Nested too deeply.')
  // Without extensions the lexer makes no other tokens.
  return tokens.map((token) => block(token as MarkedToken, writer, depth + 1))
}

function block(token: MarkedToken, writer: Writer, depth: number): Piece {
  switch (token.type) {
    case 'heading':
      return heading(token, writer, depth)
    case 'paragraph':
      return html`<p>${inlines(token.tokens, writer, depth)}</p>`
    case 'code':
      return html`<pre tabindex="0"><code>${token.text}</code></pre>`
    case 'blockquote':
      return html`<blockquote>${blocks(token.tokens, writer, depth)}</blockquote>`
    case 'list':
      return list(token, writer, depth)
    case 'table':
      return table(token, writer, depth)
    case 'hr':
      return html`<hr />`
    case 'html':
      return html`<p>${token.text}</p>`
    case 'text':
      return html`${token.tokens === undefined ? decode(token.text) : inlines(token.tokens, writer, depth)} `
    case 'checkbox':
      return token.checked ? '☑ ' : '☐ '
    default:
      return ''
  }
}

function heading({ depth: level, tokens }: Tokens.Heading, writer: Writer, depth: number): Html {
  const content = inlines(tokens, writer, depth)
  switch (Math.min(6, level + writer.below)) {
    case 2:
      return html`<h2>${content}</h2>`
    case 3:
      return html`<h3>${content}</h3>`
    case 4:
      return html`<h4>${content}</h4>`
    case 5:
      return html`<h5>${content}</h5>`
    default:
      return html`<h6>${content}</h6>`
  }
}

function list({ items, ordered, start }: Tokens.List, writer: Writer, depth: number): Html {
  const entries = items.map((item) => html`<li>${blocks(item.tokens, writer, depth)}</li>`)
  return ordered
    ? html`<ol start="${Number(start) || 1}">
        ${entries}
      </ol>`
    : html`<ul>
        ${entries}
      </ul>`
}

function table({ header, rows }: Tokens.Table, writer: Writer, depth: number): Html {
  const cells = (row: readonly Tokens.TableCell[]) => row.map(({ tokens }) => inlines(tokens, writer, depth))
  return html`<div class="scroll" tabindex="0">
    <table>
      <thead>
        <tr>
          ${cells(header).map((cell) => html`<th scope="col">${cell}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${cells(row).map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}

function inlines(tokens: readonly Token[], writer: Writer, depth: number): Piece[] {
  if (depth > deepest) throw new RangeError('Nested too deeply.')
  // As in blocks.
  return tokens.map((token) => inline(token as MarkedToken, writer, depth + 1))
}

function inline(token: MarkedToken, writer: Writer, depth: number): Piece {
  switch (token.type) {
    case 'strong':
      return html`<strong>${inlines(token.tokens, writer, depth)}</strong>`
    case 'em':
      return html`<em>${inlines(token.tokens, writer, depth)}</em>`
    case 'del':
      return html`<del>${inlines(token.tokens, writer, depth)}</del>`
    case 'codespan':
      return html`<code>${token.text}</code>`
    case 'br':
      return html`<br />`
    case 'link':
      return link(token.href, inlines(token.tokens, writer, depth), writer)
    case 'image':
      return link(token.href, [token.text || token.href], writer)
    case 'text':
      return token.tokens === undefined ? decode(token.text) : html`${inlines(token.tokens, writer, depth)}`
    case 'escape':
    case 'html':
      return token.text
    default:
      return 'text' in token ? token.text : ''
  }
}

function link(address: string, content: readonly Piece[], { resolve }: Writer): Piece {
  const href = isAbsolute(address) ? address : resolve(address)
  if (href === undefined) return html`${content}`
  return html`<a href="${href}" rel="nofollow noopener noreferrer">${content}</a>`
}

/** A whole address that a click may open. Others with a scheme, such as `javascript:`, are none. */
function isAbsolute(address: string): boolean {
  return ['https:', 'http:', 'mailto:'].includes(URL.parse(address)?.protocol ?? '')
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  copy: '©',
  deg: '°',
  ndash: '–',
  mdash: '—',
  micro: 'µ',
}

/** The lexer leaves entities as they are; the templates escape what comes out of here. */
function decode(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|(\w{2,8}));/g, (whole, code: string | undefined, name: string | undefined) => {
    if (code === undefined) return Object.hasOwn(entities, name ?? '') ? (entities[name ?? ''] ?? whole) : whole
    return Number(code) > 31 && Number(code) <= 0x10_ff_ff ? String.fromCodePoint(Number(code)) : whole
  })
}
