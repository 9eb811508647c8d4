import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { browserName } from '../src/browser-name.ts'
import { duration, moment } from '../src/views/facts.ts'
import { toText } from '../src/views/html.ts'
import { tokenView } from '../src/views/token-view.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

describe('a time span in words', () => {
  it.each([
    [0, 'less than a minute'],
    [59 * second, 'less than a minute'],
    [minute, '1 minute'],
    [hour + 30 * second, '1 hour'],
    [2 * hour + 5 * minute, '2 hours and 5 minutes'],
    [2 * day - 1, '1 day and 23 hours'],
    [2 * day, '2 days'],
    [10 * day + 3 * minute, '10 days'],
  ])('%i ms is "%s"', (span, words) => expect(duration(span)).toBe(words))

  it('never promises more than is left', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 * day }), (span) => {
        const parts = [...duration(span).matchAll(/(\d+) (day|hour|minute)/g)]
        const units: Record<string, number> = { day, hour, minute }
        const said = parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (units[unit] ?? 0), 0)
        expect(said).toBeLessThanOrEqual(span)
      }),
    )
  })
})

it('a moment is said in UTC, with the exact time for machines', () => {
  expect(toText(moment(Date.UTC(2026, 10, 21, 22, 3, 59)))).toBe(
    '<time datetime="2026-11-21T22:03:59.000Z">21 Nov 2026, 22:03 UTC</time>',
  )
})

describe('the name of a browser', () => {
  const chrome = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0'
  it.each([
    [`Mozilla/5.0 (X11; Linux x86_64) ${chrome} Safari/537.36`, 'Chrome 156 on Linux'],
    [
      `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/156.0.0.0 Safari/537.36`,
      'Chrome 156 on Linux',
    ],
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} Safari/537.36 Edg/156.0.0.0`, 'Edge 156 on Windows'],
    [`Mozilla/5.0 (Linux; Android 15) ${chrome} Mobile Safari/537.36 OPR/90.0`, 'Opera 90 on Android'],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:152.0) Gecko/20100101 Firefox/152.0', 'Firefox 152 on Linux'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1',
      'Safari 19 on iOS',
    ],
    ['curl/8.17.0', 'curl/8.17.0'],
    ['  ', 'A browser that does not say what it is'],
  ])('%s is %s', (userAgent, name) => expect(browserName(userAgent)).toBe(name))
})

it('a token is shown by what people call its service, where Globus has a name for it', () => {
  const info = { scopes: ['a'], expiresAt: 1_790_000_000, hasRefreshToken: false }
  expect(tokenView({ ...info, resourceServer: 'transfer.api.globus.org' })).toMatchObject({
    service: 'Globus Transfer',
    expiresAt: 1_790_000_000_000,
    renewable: false,
  })
  for (const resourceServer of ['tides.example.org', 'constructor', '__proto__'])
    expect(tokenView({ ...info, resourceServer }).service).toBeUndefined()
})

it('views hold no words of their own: all stand in texts, to be translated', () => {
  const folder = join(import.meta.dirname, '../src/views')
  const files = globSync('**/*.ts', { cwd: folder })
  expect(files.length).toBeGreaterThan(30)
  const words =
    />\s*[A-Z][a-z]+(?:[ ,.][^<>{}=;()`]*)?<\/|(?:title|label|text|advice): '[A-Z]|(?:aria-label|title|placeholder)="[A-Z]/g
  for (const file of files)
    expect([file, ...(readFileSync(join(folder, file), 'utf8').match(words) ?? [])]).toEqual([file])
})
