/** Writes the parts of ASN.1's distinguished encoding (X.690) that a certificate is made of. */
export const sequence = (...parts: readonly Buffer[]): Buffer => element(0x30, Buffer.concat(parts))

export const set = (...parts: readonly Buffer[]): Buffer => element(0x31, Buffer.concat(parts))

/** A field with a number of the structure's own; `inside` is its whole value. */
export const tagged = (number: number, inside: Buffer): Buffer => element(0xa0 | number, inside)

/** A string or bytes with a number of the structure's own instead of a type. */
export const implicit = (number: number, content: Buffer): Buffer => element(0x80 | number, content)

export const boolean = (value: boolean): Buffer => element(0x01, Buffer.from([value ? 0xff : 0]))

/** A number of not more than 31 bits, or the bytes of a larger positive one. */
export function integer(value: number | Buffer): Buffer {
  const bytes = typeof value === 'number' ? bytesOf(value) : value
  // A first bit that is set would make it negative.
  return element(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes)
}

export const bitString = (bytes: Buffer, unusedBits = 0): Buffer =>
  element(0x03, Buffer.concat([Buffer.from([unusedBits]), bytes]))

export const octetString = (bytes: Buffer): Buffer => element(0x04, bytes)

export const utf8String = (text: string): Buffer => element(0x0c, Buffer.from(text))

/** Such as `2.5.29.17`. */
export function objectId(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number)
  return element(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

/** A time to the second: in the short form before 2050, as certificates must have it (RFC 5280 section 4.1.2.5). */
export function time(at: Date): Buffer {
  const text = at.toISOString().replace(/[-:T]|\.\d+/g, '')
  return at.getUTCFullYear() < 2050 ? element(0x17, Buffer.from(text.slice(2))) : element(0x18, Buffer.from(text))
}

function element(tag: number, content: Buffer): Buffer {
  const length = content.length < 0x80 ? [content.length] : longLength(content.length)
  return Buffer.concat([Buffer.from([tag, ...length]), content])
}

function longLength(length: number): number[] {
  const bytes = bytesOf(length)
  return [0x80 | bytes.length, ...bytes]
}

function bytesOf(value: number): Buffer {
  const hex = value.toString(16)
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
}

function base128(value: number): number[] {
  const groups = [value & 0x7f]
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) groups.unshift((rest & 0x7f) | 0x80)
  return groups
}
