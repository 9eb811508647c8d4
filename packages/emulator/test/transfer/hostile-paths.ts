/** Ways to say "one up": with what some decoder, file system or shell takes for a dot, a slash or nothing. */
const ups = [
  '..',
  '.. ',
  ' ..',
  '..\0',
  '.\0.',
  '..\t',
  '..\r',
  '..\n',
  '..\\',
  '..;',
  '..;x',
  '..%00',
  '..%01',
  '%2e%2e',
  '%2e.',
  '.%2e',
  '%252e%252e',
  '%25252e%25252e',
  '%u002e%u002e',
  '\\u002e\\u002e',
  '&#46;&#46;',
  '%c0%ae%c0%ae',
  '%e0%80%ae%e0%80%ae',
  '..%c0%af',
  '..%e0%80%af',
  '..%ef%bc%8f',
  '..::$DATA',
  '....//',
  '.../...//',
  '.\u2024',
  '\u2025',
  '\uff0e\uff0e',
  '\u3002\u3002',
  '..\u2044',
  '..\u2215',
  '..\uff0f',
  '..\uff3c',
  '\u202e..',
  '\ufeff..',
  '.\u200b.',
  '.\u00ad.',
  'C:',
  '~',
  '~root',
]
const joins = ['/', '\\', '%2f']
const heads = ['/', '/a/b/']

/** Each of them once, twice, and behind directories that exist: over 500 spellings, none of them twice. */
export function spellings(): string[] {
  const all = heads.flatMap((head) =>
    ups.flatMap((up) =>
      joins.flatMap((join) => [1, 2].map((times) => `${head}${Array(times).fill(up).join(join)}${join}outside/secret`)),
    ),
  )
  const odd = [
    '/../outside/secret',
    '/~/../outside/secret',
    '~/../outside/secret',
    '/~root/secret',
    '/~/a/../../outside/secret',
    ['', 'proc', 'self', 'root', 'etc', 'passwd'].join('/'),
    `/${'a/'.repeat(3000)}`,
  ]
  return Array.from(new Set([...all, ...odd]))
}
