import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { demo } from '@pierhead/emulator'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contrast, inkOn, surfaces } from '../src/config/colours.ts'
import { startSetting, type Setting } from './support/setting.ts'
import { linksOf } from './support/visitor.ts'

const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'

describe('a portal in the look of its owner', () => {
  let setting: Setting
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pierhead-branding-'))
    writeFileSync(join(folder, 'logo.svg'), svg)
    writeFileSync(join(folder, 'photo.png'), Buffer.from('89504e470d0a1a0a', 'hex'))
    const yaml = `
mode: datasets
site:
  name: Tides & more
  logo: ${join(folder, 'logo.svg')}
  accent: { light: '#7A2E4D' }
  welcome: 'Welcome to **our** <b>data</b>.'
  links: [{ text: Imprint, href: 'https://example.org/imprint' }]
datasets:
  - { id: tides, title: Tides, collection: ${demo.collections.tidalSurveyPublic}, image: ${join(folder, 'photo.png')}, imageText: Waves }
`
    setting = await startSetting({ yaml })
  })
  afterAll(async () => {
    await setting[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  })

  it('says its name, its welcome and its links on every page, and nothing as markup', async () => {
    const { body, text } = await setting.visitor().open('/')
    expect(body).toContain('<title>Tides &amp; more</title>')
    expect(text).toContain('Welcome to our <b>data</b>.')
    expect(body).toContain('<strong>our</strong>')
    expect(linksOf(body)).toContainEqual({ name: 'Imprint', href: 'https://example.org/imprint' })
    expect((await setting.visitor().open('/nowhere')).text).toContain('Imprint')
  })

  it('SEC-60 serves its images for ever under their version, an SVG cut off from everything', async () => {
    const { body } = await setting.visitor().open('/data/tides')
    const [, logo = ''] = /<img src="(\/assets\/brand\/logo\.svg\?v=[\w-]+)"/.exec(body) ?? []
    expect(body).not.toContain('<svg')
    const served = await setting.visitor().send(logo)
    expect([served.status, served.body]).toEqual([200, svg])
    expect(served.headers.get('content-type')).toBe('image/svg+xml')
    expect(served.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/)
    expect(served.headers.get('cache-control')).toContain('immutable')
    const [, photo = ''] = /<img class="wide" src="([^"]+)" alt="Waves"/.exec(body) ?? []
    expect((await setting.visitor().send(photo)).headers.get('content-type')).toBe('image/png')
    for (const path of ['/assets/brand/..%2fportal.yaml', '/assets/brand/photo.png', '/assets/brand/'])
      expect([path, (await setting.visitor().send(path)).status]).toEqual([path, 404])
  })

  it('colours links and buttons in the scheme that it chose, and leaves the other', async () => {
    const { body } = await setting.visitor().open('/')
    const sheets = [...body.matchAll(/<link rel="stylesheet" href="([^"]+)"/g)].map(([, href = '']) => href)
    const css = await setting.visitor().send(sheets.at(-1) ?? '')
    expect(css.headers.get('content-type')).toBe('text/css; charset=utf-8')
    expect(css.body).toContain('@media (prefers-color-scheme:light){:root{--accent:#7a2e4d;')
    expect(css.body).toContain('--on-accent:#ffffff')
    expect(css.body).not.toContain('dark')
  })

  it('offers datasets alone when it is told to', async () => {
    const { body } = await setting.visitor().open('/data')
    expect(linksOf(body).map(({ name }) => name)).not.toContain('Collections')
    expect((await setting.visitor().open('/collections')).status).toBe(404)
  })
})

it('text on a colour that the settings allow can be read, whatever the colour is', () => {
  const colour = fc.integer({ min: 0, max: 0xff_ff_ff }).map((value) => `#${value.toString(16).padStart(6, '0')}`)
  fc.assert(
    fc.property(colour, (one) => {
      fc.pre(contrast(one, surfaces.light) >= 4.5 || contrast(one, surfaces.dark) >= 4.5)
      expect(contrast(one, inkOn(one))).toBeGreaterThanOrEqual(4.5)
    }),
  )
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21)
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
})
