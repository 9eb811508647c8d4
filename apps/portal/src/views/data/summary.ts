/** The first paragraph of a text in Markdown, without its marks, as much as a card holds. */
export function summaryOf(text: string): string {
  const [first = ''] = text.trim().split(/\n\s*\n/)
  const plain = first
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[*_`#>]+/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
  if (plain.length <= longest) return plain
  return `${plain.slice(0, plain.lastIndexOf(' ', longest)).replace(/[\s,;:.–-]+$/, '')}…`
}

const longest = 220
