import { hkdfSync } from 'node:crypto'
import { compactDecrypt } from 'jose'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSealer, type SealOptions } from '../../src/lib/session/seal.ts'
import { matching } from '../matchers.ts'
import { startOfTests } from '../support/clock.ts'

const secret = 'first-secret-first-secret-first-secret'
const other = 'other-secret-other-secret-other-secret'
const day = 86_400_000
const sealer = (options: Partial<SealOptions> = {}) => {
  const standard = { secrets: [secret], purpose: 'session', context: 'app', now: () => startOfTests }
  const made = createSealer({ ...standard, ...options })
  return {
    seal: (text: string, salt?: Uint8Array) => made.seal(text, salt),
    open: (value: string, salt?: Uint8Array) => made.open(value, salt),
  }
}

describe('a sealed value', () => {
  it('opens to exactly what was sealed', () => {
    const { seal, open } = sealer()
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        expect(open(seal(text))).toEqual({ text })
      }),
    )
  })

  it('S1.17 S2.14 shows nothing of the text, and is made of characters that a cookie may have', () => {
    const sealed = sealer().seal('{"access_token":"AgSecretToken"}')
    expect(sealed).toMatch(/^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/)
    for (const part of sealed.split('.')) expect(Buffer.from(part, 'base64url').toString()).not.toContain('Secret')
  })

  it('SEC-37 does not open and does not throw with any one character changed, left out or doubled', () => {
    const { seal, open } = sealer()
    const sealed = seal('{"sub":"ada"}')
    for (let at = 0; at < sealed.length; at += 1) {
      const [before, here, after] = [sealed.slice(0, at), sealed.charAt(at), sealed.slice(at + 1)]
      for (const changed of ['A', 'B', 'Q', 'g', '_', '.', '=', '+', ' ', 'é', '\0', '', here + here]) {
        if (changed === here) continue
        expect([at, changed, open(before + changed + after)]).toEqual([at, changed, { failure: matching(/./) }])
      }
    }
  })

  it('SEC-37 does not open with one bit of its bytes flipped', () => {
    const { seal, open } = sealer()
    const parts = seal('{"sub":"ada"}').split('.')
    for (const [index, part] of parts.entries()) {
      const bytes = Buffer.from(part, 'base64url')
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const flipped = Buffer.from(bytes)
        flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
        const value = parts.with(index, flipped.toString('base64url')).join('.')
        expect([index, bit, 'failure' in open(value)]).toEqual([index, bit, true])
      }
    }
  })

  it('SEC-37 does not open when cut, extended, in standard base64 or with other headers', () => {
    const { seal, open } = sealer()
    const sealed = seal('{"sub":"ada"}'.repeat(9))
    const cut = Array.from({ length: sealed.length }, (_, length) => sealed.slice(0, length))
    const header = (text: string): string => sealed.replace(/^[^.]+/, Buffer.from(text).toString('base64url'))
    const variants = [
      ...cut,
      `${sealed}A`,
      `${sealed}.`,
      `.${sealed}`,
      `${sealed}.${sealed}`,
      sealed.replaceAll('-', '+').replaceAll('_', '/').concat('='),
      encodeURIComponent(sealed).replaceAll('.', '%2E'),
      sealed.replace('..', '.x.'),
      sealed.toUpperCase(),
      header('{"alg":"none"}'),
      header('{"alg":"dir","enc":"A128GCM","kid":"x.1"}'),
      header('{"enc":"A256GCM","alg":"dir","kid":"12345678.20000"}'),
      header('{"alg":"dir","enc":"A256GCM","kid":"12345678.20000","zip":"DEF"}'),
    ]
    for (const variant of variants) expect([variant, 'failure' in open(variant)]).toEqual([variant, true])
  })

  it('never throws, whatever arrives', () => {
    const { open } = sealer()
    const parts = fc.array(fc.string({ unit: fc.constantFrom(...'ABab01-_.='.split('')), maxLength: 40 }), {
      maxLength: 6,
    })
    const text = fc.oneof(
      fc.string(),
      parts.map((each) => each.join('.')),
    )
    expect(fc.check(fc.property(text, (value) => 'failure' in open(value)))).toMatchObject({ failed: false })
  })

  it('SEC-09 never opens for another purpose, application or salt', () => {
    const purposes = [
      'identity',
      'tokens',
      'ticket',
      'content',
      'card',
      'capsule',
      'transaction',
      'revocation',
      'login request',
    ]
    const contexts = ['a\n__Host-x-session', 'a\n__Host-y-session', 'b\n__Host-x-session', 'a']
    const sealers = purposes.flatMap((purpose) => contexts.map((context) => sealer({ purpose, context })))
    const values = sealers.map(({ seal }) => seal('mine'))
    for (const [from, value] of values.entries()) {
      for (const [to, { open }] of sealers.entries())
        expect([from, to, 'text' in open(value)]).toEqual([from, to, from === to])
    }
  })

  it('SEC-09 keeps purpose and context apart, wherever the border between them is', () => {
    expect(sealer({ purpose: 'a', context: 'b' }).open(sealer({ purpose: 'ab', context: '' }).seal('x'))).toEqual({
      failure: 'damaged',
    })
    const odd = sealer({ purpose: 'a","b', context: 'c' })
    expect(sealer({ purpose: 'a', context: 'b","c' }).open(odd.seal('x'))).toEqual({ failure: 'damaged' })
  })

  it('opens with its salt only', () => {
    const { seal, open } = sealer()
    const salt = new Uint8Array(32).fill(7)
    const sealed = seal('content', salt)
    expect(open(sealed, salt)).toEqual({ text: 'content' })
    for (const wrong of [undefined, new Uint8Array(32), salt.subarray(1), new Uint8Array(32).fill(8)]) {
      expect(open(sealed, wrong)).toEqual({ failure: 'damaged' })
    }
    expect(open(seal('content'), salt)).toEqual({ failure: 'damaged' })
  })

  it('is a standard JWE: jose opens it with a key that is derived here', async () => {
    const salt = new Uint8Array(32).fill(1)
    for (const given of [undefined, salt]) {
      const sealed = sealer({ purpose: 'ticket', context: 'app\nname' }).seal('{"id":"é"}', given)
      const info = JSON.stringify(['pierhead 1 seal', 'ticket', 'app\nname', Math.floor(startOfTests / day)])
      const key = new Uint8Array(hkdfSync('sha256', secret, given ?? '', info, 32))
      const { plaintext, protectedHeader } = await compactDecrypt(sealed, key)
      expect(new TextDecoder().decode(plaintext)).toBe('{"id":"é"}')
      expect(protectedHeader).toMatchObject({ alg: 'dir', enc: 'A256GCM' })
    }
  })

  it('SEC-41 survives a change of secrets: the new one seals, the old one opens until it is removed', () => {
    const old = sealer().seal('x')
    const rotated = sealer({ secrets: [other, secret] })
    expect(rotated.open(old)).toEqual({ text: 'x' })
    expect(sealer().open(rotated.seal('y'))).toEqual({ failure: 'unknown_key' })
    const removed = sealer({ secrets: [other] })
    expect(removed.open(old)).toEqual({ failure: 'unknown_key' })
    expect(removed.open(rotated.seal('y'))).toEqual({ text: 'y' })
  })

  it('seals with another key each day and opens those of other days', () => {
    const clock = { now: startOfTests }
    const moving = sealer({ now: () => clock.now })
    const values = Array.from({ length: 60 }, (_, index) => {
      clock.now = startOfTests + index * day
      return moving.seal(String(index))
    })
    expect(new Set(values.map((value) => value.split('..')[0])).size).toBe(60)
    for (const [index, value] of values.entries()) expect(moving.open(value)).toEqual({ text: String(index) })
  })

  it('SEC-40 never uses a nonce twice', () => {
    const { seal } = sealer()
    const nonces = new Set(Array.from({ length: 20_000 }, () => seal('').split('.')[2]))
    expect(nonces.size).toBe(20_000)
  })

  it('SEC-109 takes time in proportion to the length of what arrives', () => {
    const { open } = sealer()
    const time = (length: number): number => {
      const shapes = ['A', '.', '..A', 'é'].map((unit) => unit.repeat(length))
      const started = performance.now()
      for (let round = 0; round < 20; round += 1) for (const shape of shapes) open(shape)
      return performance.now() - started
    }
    time(1000)
    expect(time(16_000)).toBeLessThan(500)
  })
})
