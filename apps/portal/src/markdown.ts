import { Marked, type Tokens } from 'marked'
import { escapeHtml } from './client/row.ts'

export interface MarkdownOptions {
  /**
   * The address that a link or picture of the text leads to. Undefined: it leads nowhere, and only its words are shown. Default:
   * links to other sites, and no pictures.
   */
  readonly resolve?: (href: string, use: 'link' | 'picture') => string | undefined
  /** Headings become smaller by so many levels. Default 1: a page has a first heading of its own. */
  readonly lower?: number
}

/**
 * A stranger's Markdown as markup. HTML in it is shown as text; what is left are the elements of Markdown itself, with addresses
 * that `resolve` gave.
 */
export function renderMarkdown(text: string, { lower = 1, resolve = otherSites }: MarkdownOptions = {}): string {
  const marked = new Marked({
    gfm: true,
    renderer: {
      html: ({ text: markup }: Tokens.HTML | Tokens.Tag) => escapeHtml(markup),
      heading({ depth, tokens }) {
        const level = Math.min(6, depth + lower)
        return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>\n`
      },
      link({ href, tokens }) {
        const words = this.parser.parseInline(tokens)
        const address = resolve(href, 'link')
        return address === undefined ? words : `<a href="${escapeHtml(address)}" rel="noopener noreferrer">${words}</a>`
      },
      image: ({ href, text: words }) => {
        const address = resolve(href, 'picture')
        return address === undefined
          ? escapeHtml(words)
          : `<img src="${escapeHtml(address)}" alt="${escapeHtml(words)}" />`
      },
      checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
    },
  })
  const markup = marked.parse(text, { async: false })
  // A wide table scrolls in itself, and can be reached by keyboard.
  return markup
    .replaceAll('<table>', '<div class="scroll" tabindex="0" role="group"><table>')
    .replaceAll('</table>', '</table></div>')
}

/** Links that leave by https; no pictures, which would tell another site who reads. */
export function otherSites(href: string, use: 'link' | 'picture'): string | undefined {
  const url = URL.parse(href)
  return use === 'link' && url !== null && /^(https?|mailto):$/.test(url.protocol) ? url.href : undefined
}
