/** The ways in which the JSON of an answer can be broken. Status and headers stay, but for `html`. */
export const malformations = [
  'truncated',
  'empty',
  'html',
  'not-utf8',
  'bom',
  'duplicate-keys',
  'array',
  'deep',
  'huge-number',
  'trailing',
] as const

/** A way to break the JSON of an answer. */
export type Malformation = (typeof malformations)[number]

/** Breaks the JSON of an answer. */
export async function malform(response: Response, how: Malformation): Promise<Response> {
  const headers = new Headers(response.headers)
  headers.delete('content-length')
  if (how === 'html') headers.set('content-type', 'text/html; charset=utf-8')
  const text = await response.text()
  return new Response(broken[how](text), { status: response.status, headers })
}

const broken: Readonly<Record<Malformation, (text: string) => string | Uint8Array<ArrayBuffer>>> = {
  truncated: (text) => text.slice(0, Math.floor(text.length / 2)),
  empty: () => '',
  html: () => '<!doctype html><title>Welcome to the hotel network</title><p>Accept our terms to go on.</p>',
  'not-utf8': (text) => Uint8Array.from([...Buffer.from(text.slice(0, -1)), 0xc3, 0x28, 0x7d]),
  bom: (text) => `\uFEFF${text}`,
  'duplicate-keys': (text) => text.replace(/^\{/, `{"access_token":"other","sub":"other","issuer":"other",`),
  array: (text) => `[${text}]`,
  deep: () => '['.repeat(100_000) + ']'.repeat(100_000),
  'huge-number': (text) => text.replaceAll(/:\d+(?=[,}])/g, ':1e999'),
  trailing: (text) => `${text}}`,
}
