const REPLACEMENT = '\uFFFD'

/**
 * A file name as text. Bytes that are no UTF-8 become U+FFFD followed by the bytes read as Latin-1, as Transfer answers them
 * (https://docs.globus.org/api/transfer/file_operations/).
 */
export function decodeName(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  return text.includes(REPLACEMENT) && !Buffer.from(text, 'utf8').equals(bytes)
    ? REPLACEMENT + bytes.toString('latin1')
    : text
}

/** The bytes of a name that `decodeName` gave, or that a person typed. */
export function encodeName(name: string): string | Buffer {
  const rest = name.startsWith(REPLACEMENT) ? name.slice(1) : ''
  // A name that really begins with U+FFFD is left alone: what follows is no Latin-1 of undecodable bytes then.
  const bytes = Buffer.from(rest, 'latin1')
  return rest !== '' && bytes.toString('latin1') === rest && decodeName(bytes) === name ? bytes : name
}
