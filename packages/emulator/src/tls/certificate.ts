import { createHash, sign, type KeyObject } from 'node:crypto'
import { isIP } from 'node:net'
import {
  bitString,
  boolean,
  implicit,
  integer,
  objectId,
  octetString,
  sequence,
  set,
  tagged,
  time,
  utf8String,
} from './der.ts'

/** What a certificate says (RFC 5280). Keys are of P-256. */
export interface CertificateOrder {
  readonly subject: string
  readonly publicKey: KeyObject
  readonly issuer: string
  readonly issuerKey: { readonly privateKey: KeyObject; readonly publicKey: KeyObject }
  /** 16 random bytes. */
  readonly serial: Buffer
  readonly from: Date
  readonly until: Date
  /** DNS names and addresses of a server; null for an authority, which may sign servers and nothing below them. */
  readonly names: readonly string[] | null
}

/** Makes and signs a certificate. @returns PEM */
export function makeCertificate(order: CertificateOrder): string {
  const signed = sequence(
    tagged(0, integer(2)),
    integer(positive(order.serial)),
    ecdsaWithSha256,
    name(order.issuer),
    sequence(time(order.from), time(order.until)),
    name(order.subject),
    order.publicKey.export({ type: 'spki', format: 'der' }),
    tagged(3, sequence(...extensionsOf(order))),
  )
  const signature = sign('sha256', signed, { key: order.issuerKey.privateKey, dsaEncoding: 'der' })
  const certificate = sequence(signed, ecdsaWithSha256, bitString(signature)).toString('base64')
  return `-----BEGIN CERTIFICATE-----\n${certificate.replace(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`
}

const ecdsaWithSha256 = sequence(objectId('1.2.840.10045.4.3.2'))

const name = (commonName: string): Buffer =>
  sequence(
    set(sequence(objectId('2.5.4.3'), utf8String(commonName))),
    set(sequence(objectId('2.5.4.10'), ORGANIZATION)),
  )

const ORGANIZATION = utf8String('Local emulator, for development only')

function extensionsOf({ names, publicKey, issuerKey }: CertificateOrder): Buffer[] {
  const keyIds = [
    extension('2.5.29.14', octetString(keyId(publicKey))),
    extension('2.5.29.35', sequence(implicit(0, keyId(issuerKey.publicKey)))),
  ]
  if (names === null)
    return [
      extension('2.5.29.19', sequence(boolean(true), integer(0)), true),
      // keyCertSign and cRLSign.
      extension('2.5.29.15', bitString(Buffer.from([0b0000_0110]), 1), true),
      ...keyIds,
    ]
  return [
    extension('2.5.29.19', sequence(), true),
    // digitalSignature.
    extension('2.5.29.15', bitString(Buffer.from([0b1000_0000]), 7), true),
    // serverAuth.
    extension('2.5.29.37', sequence(objectId('1.3.6.1.5.5.7.3.1'))),
    extension('2.5.29.17', sequence(...names.map(alternativeName))),
    ...keyIds,
  ]
}

const extension = (id: string, value: Buffer, critical = false): Buffer =>
  sequence(objectId(id), ...(critical ? [boolean(true)] : []), octetString(value))

function alternativeName(text: string): Buffer {
  const family = isIP(text)
  if (family === 4) return implicit(7, Buffer.from(text.split('.').map(Number)))
  return family === 6 ? implicit(7, addressBytes(text)) : implicit(2, Buffer.from(text))
}

function addressBytes(text: string): Buffer {
  const [head = '', tail] = text.split('::')
  const groups = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16))
  const [before, after] = [groups(head), tail === undefined ? [] : groups(tail)]
  const all = [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after]
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 0xff]))
}

/** SHA-1 of the key itself, which ends its encoding (RFC 5280 section 4.2.1.2). */
const keyId = (key: KeyObject): Buffer =>
  createHash('sha1')
    .update(key.export({ type: 'spki', format: 'der' }).subarray(-65))
    .digest()

/** Neither negative nor with a leading zero. */
function positive(serial: Buffer): Buffer {
  const bytes = Buffer.from(serial)
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40
  return bytes
}
