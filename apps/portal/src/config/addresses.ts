/** https, or http to this machine; nothing that changes the meaning of what is appended. */
export function isSafeUrl(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || url.search !== '' || url.hash !== '' || url.username !== '') return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
}

/** What a page may link to. */
export function isLink(text: string): boolean {
  if (/^\/(?![/\\])/.test(text)) return true
  return ['https:', 'http:', 'mailto:'].includes(URL.parse(text)?.protocol ?? '')
}

export function isLoopback(hostname: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}

const storeProtocols = new Set(['redis:', 'rediss:', 'postgres:', 'postgresql:'])

/** Of a session store that several portals share. */
export function isStoreUrl(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && storeProtocols.has(url.protocol) && url.hostname !== ''
}
