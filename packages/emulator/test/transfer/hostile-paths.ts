/** Ways to say "one up", alone and in company: over 500 spellings in all. */
export function spellings(): string[] {
  const ups = [
    '..',
    '.. ',
    '..\0',
    '..\\',
    '%2e%2e',
    '%252e%252e',
    '..;',
    '.\u2024',
    '\u2025',
    '..%c0%af',
    '%c0%ae%c0%ae',
    '....//',
    '..%00',
    'C:',
    '..\u2215',
  ]
  const joins = ['/', '//', '/./', '\\', '%2f', '%5c']
  const heads = ['', '/', '/~/', '/a/b/']
  const all = heads.flatMap((head) =>
    ups.flatMap((up) =>
      joins.flatMap((join) => [1, 2].map((times) => `${head}${Array(times).fill(up).join(join)}${join}outside/secret`)),
    ),
  )
  return [
    ...all,
    '/../outside/secret',
    '/~/../outside/secret',
    '/~root/secret',
    ['', 'proc', 'self', 'root', 'etc', 'passwd'].join('/'),
    `/${'a/'.repeat(3000)}`,
  ]
}
