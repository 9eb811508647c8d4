import { describe, expect, it } from 'vitest'
import { checkChunks, dropStaleChunks, maxChunks, readChunks, writeChunks } from '../../src/lib/session/chunks.ts'
import { matching } from '../matchers.ts'
import { maxCookieBytes, type OutgoingCookie } from '../../src/lib/session/cookies.ts'

const name = '__Host-pierhead-12345678-session'
const jar = (cookies: readonly OutgoingCookie[]) => new Map(cookies.map((cookie) => [cookie.name, cookie.value]))
const write = (length: number): OutgoingCookie[] => writeChunks(name, text(length), 60)
/** No two places look alike, so that a part in the wrong place shows. */
const text = (length: number): string =>
  Array.from({ length: Math.ceil(length / 5) }, (_, index) => String(index).padStart(5, '.'))
    .join('')
    .slice(0, length)

const part = maxCookieBytes - name.length - 4

describe('a value cut into cookies', () => {
  const sizes = [0, 1, part - 1, part, part + 1, 2 * part - 1, 2 * part, 2 * part + 1, 3 * part - 1, 3 * part]

  it.each(sizes)('SEC-43 comes back whole at %i characters, and every cookie is one that browsers take', (size) => {
    const cookies = write(size)
    expect(cookies).toHaveLength(Math.max(1, Math.ceil(size / part)))
    for (const cookie of cookies) expect(cookie.name.length + cookie.value.length).toBeLessThanOrEqual(maxCookieBytes)
    expect(readChunks(name, jar(cookies))).toBe(text(size))
  })

  it('SEC-43 is absent when any part is missing', () => {
    const cookies = write(3 * part)
    for (const missing of cookies) {
      expect(readChunks(name, jar(cookies.filter((cookie) => cookie !== missing)))).toBeUndefined()
    }
  })

  it('SEC-43 is not the value when parts are exchanged or of another write', () => {
    const cookies = jar(write(3 * part))
    const swapped = new Map(cookies)
      .set(`${name}-1`, cookies.get(`${name}-2`) ?? '')
      .set(`${name}-2`, cookies.get(`${name}-1`) ?? '')
    expect(readChunks(name, swapped)).not.toBe(text(3 * part))
  })

  it('ignores parts beyond its count, which an earlier, larger value left behind', () => {
    const shrunk = new Map([...jar(write(3 * part)), ...jar(write(part + 1))])
    expect(readChunks(name, shrunk)).toBe(text(part + 1))
    const tiny = new Map([...jar(write(3 * part)), ...jar(write(10))])
    expect(readChunks(name, tiny)).toBe(text(10))
  })

  it.each(['', '0', '4abc', '99999999', '-1', ' 1x', 'x', '１x', '٣x', 'e', '.', '1e3'.slice(1)])(
    'CVE-2024-24814 SEC-43 bounds the work for the forged count in %j',
    (head) => {
      const reads: string[] = []
      class Counting extends Map<string, string> {
        override get(wanted: string): string | undefined {
          reads.push(wanted)
          return super.get(wanted)
        }
      }
      expect(readChunks(name, new Counting([[name, head]]))).toBeUndefined()
      expect(reads.length).toBeLessThanOrEqual(maxChunks)
    },
  )

  it('deletes what the browser sent and no write replaces', () => {
    const cookies = jar(write(3 * part))
    const written = write(10)
    expect(dropStaleChunks([name], cookies, written)).toEqual([
      { name: `${name}-1`, value: '', maxAge: 0 },
      { name: `${name}-2`, value: '', maxAge: 0 },
    ])
    expect(dropStaleChunks([name], cookies, []).map((cookie) => cookie.name)).toEqual([name, `${name}-1`, `${name}-2`])
    expect(dropStaleChunks([name], new Map(), [])).toEqual([])
  })

  it('SEC-43 is refused at writing, with the numbers and the remedy, when it is too large', () => {
    expect(() => checkChunks([...write(2900), ...writeChunks(`${name}-tokens`, text(2900), 60)])).not.toThrow()
    const large = [...write(part), ...writeChunks(`${name}-tokens`, text(part), 60)]
    expect(() => checkChunks(large)).toThrowError(
      expect.objectContaining({
        code: 'session_too_large',
        message: matching(/takes 8\d{3} bytes in 3 cookies; 6144 bytes in 3 .* Use a session store/),
      }),
    )
    expect(() =>
      checkChunks(Array.from({ length: 4 }, (_, index) => ({ name: `c${index}`, value: 'x', maxAge: 1 }))),
    ).toThrow('in 4 cookies')
  })
})
