import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toText } from '../src/views/html.ts'
import { markdown } from '../src/views/markdown.ts'

const render = (text: string, resolve?: (address: string) => string | undefined): string =>
  toText(markdown(text, resolve === undefined ? {} : { resolve })).replaceAll(/\s+/g, ' ')

describe('Markdown on a page', () => {
  it('is what its writer meant, with its headings below that of the page', () => {
    const page = render(
      '# Tides\n\nOf *twelve* **stations**, `h` in m.\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n',
    )
    expect(page).toContain('<h3>Tides</h3>')
    expect(page).toContain('<p>Of <em>twelve</em> <strong>stations</strong>, <code>h</code> in m.</p>')
    expect(page).toMatch(/<ul>\s*<li>one\s*<\/li>\s*<li>two\s*<\/li>\s*<\/ul>/)
    expect(page).toMatch(/<th scope="col">a<\/th>.*<td>2<\/td>/)
    expect(render('3. three\n4. four')).toContain('<ol start="3">')
    expect(render('- [x] done\n- [ ] open')).toMatch(/☑ done.*☐ open/)
    expect(render('1 &lt; 2 &amp; &#176;C &copy; \\*')).toContain('1 &lt; 2 &amp; °C © *')
  })

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    'text <b onclick="x">bold</b> text',
    '`<script>alert(1)</script>`',
    '```\n<script>alert(1)</script>\n```',
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](data:text/html,<script>alert(1)</script>)',
    '![x](javascript:alert(1))',
    '<javascript:alert(1)>',
    '[x]: javascript:alert(1)\n\n[x]',
    '[x](https://a.example/"onmouseover="alert(1))',
    '[&lt;b&gt;](https://a.example "<script>")',
    '&#60;script&#62;alert(1)&#60;/script&#62;',
    '| <script> |\n|---|\n| <img onerror=x> |',
  ])('SEC-60 runs nothing of %s', (text) => {
    const page = render(text)
    expect(page).not.toMatch(/<(?:script|img|b)\b/i)
    expect(page).not.toMatch(/<[^>]*\son\w+\s*=/i)
    expect(page).not.toMatch(/href="(?!https:\/\/a\.example)/)
  })

  it('holds no tag or attribute but its own, whatever is written', () => {
    const pieces = fc.array(
      fc.constantFrom(
        '<',
        '>',
        '"',
        "'",
        '&',
        '[',
        ']',
        '(',
        ')',
        '!',
        '`',
        '*',
        '_',
        '#',
        '|',
        '\n',
        ' ',
        '-',
        'javascript:',
        'x',
        'https://a.example',
        '<a href=x>',
        '&#60;',
        '\\',
      ),
      { maxLength: 40 },
    )
    const ours =
      /^<\/?(?:div|p|h[3-6]|pre|code|blockquote|ul|ol|li|table|thead|tbody|tr|th|td|strong|em|del|br|hr|a)(?: (?:class|scope|start|tabindex|rel)="[\w -]*"| href="(?:https?:|mailto:)[^"<>]*")*(?: \/)?>$/
    fc.assert(
      fc.property(pieces, (parts) => {
        for (const [tag] of render(parts.join('')).matchAll(/<[^>]*>/g)) expect(tag).toMatch(ours)
      }),
      { numRuns: 400 },
    )
  })

  it('links where its reader may go: whole addresses, and relative ones as the page resolves them', () => {
    const resolve = (address: string) => (address.startsWith('maps/') ? `/data/tides?file=${address}` : undefined)
    const page = render('[map](maps/a.svg) [up](../x) ![photo](https://a.example/p.png) <mail@example.org>', resolve)
    expect(page).toContain('<a href="/data/tides?file=maps/a.svg" rel="nofollow noopener noreferrer">map</a>')
    expect(page).toContain('up <a href="https://a.example/p.png" rel="nofollow noopener noreferrer">photo</a>')
    expect(page).toContain('<a href="mailto:mail@example.org"')
  })

  it('is shown as it is when it is nested too deeply to be read', () => {
    expect(render(`${'>'.repeat(5000)} deep`)).toContain('<pre class="prose">&gt;&gt;')
    expect(render('*'.repeat(50_000)).length).toBeGreaterThan(10)
  })
})
