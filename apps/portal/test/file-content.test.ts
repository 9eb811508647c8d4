import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { collections, csrfOf, enable, folderOf, openAllowing, plant, visitAs } from './support/files.ts'
import { origin, startSetting, type Setting } from './support/setting.ts'
import { linksOf, type Seen, type Visitor } from './support/visitor.ts'

const { mayasLaptop, tidalSurveyArchive: archive, tideCrewWorkspace: crew } = collections
const script = '<script>alert(1)</script>'
const content = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251))
const svg = `<svg xmlns="http://www.w3.org/2000/svg">${script}</svg>`

describe('the content of files', () => {
  let setting: Setting
  let maya: Visitor
  const address = (kind: 'content' | 'preview' | 'upload-check', path: string, more = ''): string =>
    `/collections/${archive}/${kind}?${new URLSearchParams({ path })}${more}`
  const preview = (path: string): Promise<Seen> => maya.open(address('preview', path))

  beforeAll(async () => {
    setting = await startSetting()
    plant(setting, archive, {
      'data.bin': content,
      'page.html': script,
      'evil.svg': svg,
      'odd "name" é%.txt': 'odd',
      'tides.csv': `time,station,level_m\n${Array.from({ length: 48 }, (_, hour) => `2026-01-0${1 + Math.floor(hour / 24)}T${String(hour % 24).padStart(2, '0')}:00Z,"A, ${script}",${Math.sin(hour)}`).join('\n')}\n`,
      'data.json': '{"b":[1,2],"a":null}',
      'broken.json': '{"b":',
      'README.md': `# Tides\n\n${script}\n\n[other](stations/a%20b.csv) [bad](javascript:alert(1))\n`,
      'empty.txt': '',
      'zeros.txt': Buffer.alloc(64),
      'archive.zip': 'PK',
      'long.txt': 'line\n'.repeat(300_000),
    })
    plant(setting, crew, { 'notes.txt': 'for the crew' })
    maya = await visitAs(setting, 'Maya Okafor')
    await openAllowing(maya, `/collections/${archive}/files`)
  })
  afterAll(() => setting[Symbol.asyncDispose]())

  it('are offered once the person allows it, and come after that', async () => {
    await preview('/README.md')
    expect(maya.page.text).toContain('Enable upload and download')
    await maya.follow('Enable upload and download')
    await maya.press('Allow')
    expect(maya.page.url.pathname + maya.page.url.search).toBe(address('preview', '/README.md'))
    expect(maya.page.text).toContain('Tides')
    await maya.open(`/collections/${archive}/files`)
    expect(maya.page.text).toContain('Upload Upload a folder or drop files and folders here')
  })

  it('are saved, whole or from a place on', async () => {
    const whole = await setting.portal.app.request(`${origin}${address('content', '/data.bin')}`, await headersOf(maya))
    expect(Buffer.from(await whole.arrayBuffer()).equals(content)).toBe(true)
    expect(Object.fromEntries(whole.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="data.bin"; filename*=UTF-8''data.bin`,
      'content-length': '100000',
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-store',
    })
    const headers = await headersOf(maya, { range: 'bytes=99990-' })
    const part = await setting.portal.app.request(`${origin}${address('content', '/data.bin')}`, headers)
    expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 99990-99999/100000'])
    expect(Buffer.from(await part.arrayBuffer())).toEqual(content.subarray(99_990))
    for (const range of ['bytes=-5', 'bytes=5-4', 'lines=1-2'])
      expect((await maya.send(address('content', '/data.bin'), { headers: { range } })).status).toBe(200)
    const odd = await maya.send(address('content', '/odd "name" é%.txt'))
    expect(odd.headers.get('content-disposition')).toBe(
      `attachment; filename="odd _name_ __.txt"; filename*=UTF-8''odd%20%22name%22%20%C3%A9%25.txt`,
    )
  })

  it.each(['page.html', 'evil.svg', 'data.bin'])('%s is never a page of the portal', async (name) => {
    for (const more of ['', '&show=1']) {
      const { headers } = await maya.send(address('content', `/${name}`, more))
      expect(headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      const isPicture = name === 'evil.svg' && more !== ''
      expect(headers.get('content-type')).toBe(isPicture ? 'image/svg+xml' : 'application/octet-stream')
      expect(headers.get('content-disposition')).toMatch(isPicture ? /^inline/ : /^attachment/)
    }
    await preview(`/${name}`)
    expect(maya.page.body).not.toContain(script)
  })

  it('of a picture are shown as a picture only', async () => {
    await preview('/evil.svg')
    const show = address('content', '/evil.svg').replace('?', '?show=1&').replaceAll('&', '&amp;')
    expect(maya.page.body).toContain(`<img src="${show}"`)
  })

  it('of a table are rows and a chart of its numbers', async () => {
    await preview('/tides.csv')
    expect(maya.page.text).toContain('48 rows')
    expect(maya.page.text).toContain(`2026-01-01T00:00Z A, ${script} 0`)
    expect(maya.page.body).toMatch(
      /<svg [^>]*aria-label="level_m from 2026-01-01 00:00 UTC to 2026-01-02 23:00 UTC: between -1 and 0\.9999"/,
    )
    expect(maya.page.text).toContain('0.9999 -1 2026-01-01 00:00 UTC 2026-01-02 23:00 UTC')
  })

  it.each([
    ['data.json', '{ "b": [ 1, 2 ], "a": null }'],
    ['broken.json', '{"b":'],
    ['page.html', script],
    ['empty.txt', 'This file is empty.'],
    ['zeros.txt', 'This kind of file cannot be shown here'],
    ['archive.zip', 'This kind of file cannot be shown here'],
    ['long.txt', 'Only the beginning is shown'],
  ])('of %s are shown as what they are', async (name, words) => {
    await preview(`/${name}`)
    expect([maya.page.status, maya.page.text.includes(words)]).toEqual([200, true])
  })

  it('of Markdown are written by the portal, and lead to files beside it', async () => {
    await preview('/README.md')
    expect(maya.page.text).toContain(script)
    const links = linksOf(maya.page.body)
    expect(links).toContainEqual({ name: 'other', href: `/collections/${archive}/preview?path=%2Fstations%2Fa+b.csv` })
    expect(links.map(({ href }) => href).join(' ')).not.toContain('javascript:')
  })

  it('are not to be had without rights, and nobody is told more than that', async () => {
    const sam = await visitAs(setting, 'Sam')
    await enable(sam, crew)
    for (const kind of ['content', 'preview', 'upload-check']) {
      const page = await sam.open(`/collections/${crew}/${kind}?path=%2Fnotes.txt`)
      expect([kind, page.status]).toEqual([kind, 403])
      expect(page.body).not.toContain('for the crew')
    }
    const stranger = await setting.portal.app.request(address('content', '/data.bin'), { headers: { accept: '*/*' } })
    expect(stranger.status).toBe(401)
  })

  it('of a collection without a server for them are not promised', async () => {
    await openAllowing(maya, `/collections/${mayasLaptop}/preview?path=%2Fx.txt`)
    expect(maya.page.text).toContain('it has no HTTPS server')
    expect((await maya.open(`/collections/${mayasLaptop}/content?path=%2Fx.txt`)).status).toBe(409)
  })

  it.each([
    ['/gone.txt', 404, 'There is no such file'],
    ['/new\nline.txt', 400, 'This name does not travel over the web'],
  ])('%j cannot be shown, and the page says why', async (path, status, words) => {
    await preview(path)
    expect([maya.page.status, maya.page.text.includes(words)]).toEqual([status, true])
    expect(linksOf(maya.page.body).map(({ name }) => name)).toContain('Back to the folder')
  })

  it('are written as they come, by a page of the session only', async () => {
    await maya.open(`/collections/${archive}/files`)
    const token = csrfOf(maya)
    const put = (headers: Record<string, string>, body = 'x'.repeat(300_000)): Promise<Seen> =>
      maya.send(address('content', '/up load.txt'), { method: 'PUT', body, headers: { origin, ...headers } })
    const file = join(folderOf(setting, archive), 'up load.txt')
    expect((await put({})).status).toBe(403)
    expect((await put({ 'x-csrf-token': 'x' })).status).toBe(403)
    expect((await put({ 'x-csrf-token': token, origin: 'https://evil.example' })).status).toBe(403)
    expect(existsSync(file)).toBe(false)
    expect(JSON.parse((await maya.send(address('upload-check', '/up load.txt'))).body)).toEqual({ exists: false })
    expect((await put({ 'x-csrf-token': token })).status).toBe(204)
    expect(readFileSync(file, 'utf8')).toBe('x'.repeat(300_000))
    expect(JSON.parse((await maya.send(address('upload-check', '/up load.txt'))).body)).toEqual({ exists: true })
    expect((await put({ 'x-csrf-token': token }, '')).status).toBe(204)
    expect(readFileSync(file, 'utf8')).toBe('')
  })

  it('are not written by who may only read', async () => {
    const zoe = await visitAs(setting, 'Zoë <b>Núñez</b>')
    await enable(zoe, crew)
    const headers = { origin, 'x-csrf-token': csrfOf(zoe), 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }
    const answer = await zoe.send(`/collections/${crew}/content?path=%2Fzoe.txt`, { method: 'PUT', body: 'z', headers })
    expect([answer.status, JSON.parse(answer.body)]).toMatchObject([
      403,
      { code: 'denied', title: 'You may not do this here' },
    ])
    expect(existsSync(join(folderOf(setting, crew), 'zoe.txt'))).toBe(false)
    await zoe.open(`/collections/${crew}/files`)
    expect(zoe.page.text).toContain('Read-only for you')
  })

  it('SEC-45 bring no token to the browser, on no page of the whole path', () => {
    expect(setting.tokens.size).toBeGreaterThan(5)
    const bodies = maya.seen
      .filter(({ url }) => url.origin === origin)
      .map(({ body }) => body)
      .join('\n')
    for (const token of setting.tokens) expect(bodies).not.toContain(token)
  })
})

async function headersOf(visitor: Visitor, more: Record<string, string> = {}): Promise<RequestInit> {
  return { headers: { cookie: await visitor.cookies(), accept: '*/*', ...more } }
}
