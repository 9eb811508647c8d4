import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, statSync, utimesSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { demo } from '../../src/index.ts'
import { ANY_STRING, containing, json } from '../support.ts'
import { accessScope, createDataRig, httpsScope, type DataRig } from './support.ts'

const { collections: c, people, clients } = demo

async function withFile(
  content: string | Buffer = '0123456789',
): Promise<{ rig: DataRig; url: string; token: string }> {
  const rig = createDataRig()
  await rig.write(c.tidalSurveyArchive, 'survey/a.txt', content)
  utimesSync(rig.path(c.tidalSurveyArchive, 'survey', 'a.txt'), 1_700_000_000, 1_700_000_000)
  const token = await rig.token(people.maya, c.tidalSurveyArchive)
  return { rig, url: `${rig.origin(c.tidalSurveyArchive)}/survey/a.txt`, token }
}

describe('reading a file', () => {
  it('gives all of it, with what a client needs to ask again', async () => {
    const { rig, url, token } = await withFile()
    const response = await rig.send(url, { token })
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'accept-ranges': 'bytes',
      'content-length': '10',
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': `inline; filename="a.txt"; filename*=UTF-8''a.txt`,
      'last-modified': 'Tue, 14 Nov 2023 22:13:20 GMT',
      etag: ANY_STRING,
    })
    expect(await response.text()).toBe('0123456789')
    const head = await rig.send(url, { token, method: 'HEAD' })
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '10', ''])
  })

  it.each([
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=-30', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=5-500', 206, '56789', 'bytes 5-9/10'],
    ['bytes=10-', 416, '', 'bytes */10'],
    ['bytes=-0', 416, '', 'bytes */10'],
    ['bytes=4-2', 200, '0123456789', null],
    ['bytes=0-1,3-4', 200, '0123456789', null],
    ['lines=1-2', 200, '0123456789', null],
  ])('answers Range %s with %i', async (range, status, text, contentRange) => {
    const { rig, url, token } = await withFile()
    const response = await rig.send(url, { token, headers: { range } })
    expect([response.status, await response.text(), response.headers.get('content-range')]).toEqual([
      status,
      text,
      contentRange,
    ])
  })

  it('sends a part only of the state that If-Range names', async () => {
    const { rig, url, token } = await withFile()
    const known = await rig.send(url, { token, method: 'HEAD' })
    const [etag, date] = [known.headers.get('etag') ?? '', known.headers.get('last-modified') ?? '']
    const status = async (ifRange: string): Promise<number> =>
      (await rig.send(url, { token, headers: { range: 'bytes=0-1', 'if-range': ifRange } })).status
    expect([await status(etag), await status(date)]).toEqual([206, 206])
    expect([await status('"other"'), await status(`W/${etag}`), await status('Mon, 01 Jan 2024 00:00:00 GMT')]).toEqual(
      [200, 200, 200],
    )
    await rig.write(c.tidalSurveyArchive, 'survey/a.txt', 'abcdefghij')
    expect(await status(etag)).toBe(200)
  })

  it('says when nothing has changed, and refuses when something has', async () => {
    const { rig, url, token } = await withFile()
    const etag = (await rig.send(url, { token, method: 'HEAD' })).headers.get('etag') ?? ''
    const status = async (headers: Record<string, string>): Promise<number> =>
      (await rig.send(url, { token, headers })).status
    expect(await status({ 'if-none-match': `"x", W/${etag}` })).toBe(304)
    expect(await status({ 'if-none-match': '*' })).toBe(304)
    expect(await status({ 'if-modified-since': 'Tue, 14 Nov 2023 22:13:20 GMT' })).toBe(304)
    expect(await status({ 'if-modified-since': 'Tue, 14 Nov 2023 22:13:19 GMT' })).toBe(200)
    expect(await status({ 'if-none-match': '"x"', 'if-modified-since': 'Tue, 14 Nov 2023 22:13:20 GMT' })).toBe(200)
    expect(await status({ 'if-match': '"x"' })).toBe(412)
    expect(await status({ 'if-match': etag })).toBe(200)
    expect(await status({ 'if-unmodified-since': 'Tue, 14 Nov 2023 22:13:19 GMT' })).toBe(412)
    expect(await status({ 'if-modified-since': 'no date' })).toBe(200)
  })

  it('reaches every name that a file can have', async () => {
    const rig = createDataRig()
    const token = await rig.token(people.maya, c.oddNames)
    for (const name of [
      '50%25 off%2F.txt',
      'line\nbreak',
      'naïve ü.csv',
      '# ? & +',
      '"quotes"',
      "it's \\ back",
      '~',
      '日本',
    ]) {
      await rig.write(c.oddNames, `odd/${name}`, name)
      const response = await rig.send(`${rig.origin(c.oddNames)}/odd/${encodeURIComponent(name)}`, { token })
      expect([response.status, await response.text()]).toEqual([200, name])
      expect(
        decodeURIComponent(/UTF-8''(.*)$/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? ''),
      ).toBe(name)
    }
    await rig.write(c.oddNames, 'latin', 'x')
    expect((await rig.send(`${rig.origin(c.oddNames)}/odd%2Flatin`, { token })).status).toBe(400)
    expect((await rig.send(`${rig.origin(c.oddNames)}/%zz`, { token })).status).toBe(400)
    expect((await rig.send(`${rig.origin(c.oddNames)}/latin%00`, { token })).status).toBe(400)
  })

  it('knows no directories', async () => {
    const { rig, token } = await withFile()
    const origin = rig.origin(c.tidalSurveyArchive)
    for (const path of ['/', '/survey', '/survey/', '/survey/a.txt/', '/none', '/survey/a.txt/b'])
      expect([path, (await rig.send(origin + path, { token })).status]).toEqual([path, 404])
    expect(await json(await rig.send(`${origin}/survey`, { token }))).toMatchObject({
      code: 'NotFound',
      message: containing('listed by Transfer'),
    })
  })

  it.each(['page.html', 'drawing.svg', 'feed.xml', 'program.js', 'style.css', 'no-ending'])(
    'never lets %s run as a page',
    async (name) => {
      const rig = createDataRig()
      await rig.write(c.tidalSurveyPublic, name, '<script>alert(1)</script>')
      const { headers } = await rig.send(`${rig.origin(c.tidalSurveyPublic)}/${name}`)
      expect(headers.get('content-disposition')).toMatch(/^attachment;/)
      expect(headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('content-type')).not.toMatch(/javascript|css/)
    },
  )

  it('saves a file when asked to', async () => {
    const { rig, url, token } = await withFile()
    const { headers } = await rig.send(`${url}?download`, { token })
    expect(headers.get('content-disposition')).toMatch(/^attachment;/)
  })
})

describe('writing a file', () => {
  it('puts the whole body in its place, and says whether it is new', async () => {
    const { rig, url, token } = await withFile()
    const content = randomBytes(3_000_000)
    const created = await rig.send(`${rig.origin(c.tidalSurveyArchive)}/survey/new.bin`, {
      token,
      method: 'PUT',
      body: content,
    })
    expect(created.status).toBe(201)
    const replaced = await rig.send(url, { token, method: 'PUT', body: 'other' })
    expect(replaced.status).toBe(200)
    expect(replaced.headers.get('etag')).toBe((await rig.send(url, { token })).headers.get('etag'))
    expect(await rig.read(c.tidalSurveyArchive, 'survey/a.txt')).toBe('other')
    const back = Buffer.from(
      await (await rig.send(`${rig.origin(c.tidalSurveyArchive)}/survey/new.bin`, { token })).arrayBuffer(),
    )
    expect(hash(back)).toBe(hash(content))
    expect(readdirSync(rig.path(c.tidalSurveyArchive, 'survey')).toSorted()).toEqual(['a.txt', 'new.bin'])
  })

  it('leaves nothing of a body that breaks off', async () => {
    const { rig, url, token } = await withFile()
    const body = new ReadableStream({
      pull(controller) {
        controller.enqueue(Buffer.alloc(100_000, 'x'))
        controller.error(new Error('gone'))
      },
    })
    const init = { token, method: 'PUT', body, duplex: 'half' } satisfies RequestInit & {
      token: string
      duplex: string
    }
    expect((await rig.send(url, init)).status).toBeGreaterThanOrEqual(400)
    const short = await rig.send(url, { token, method: 'PUT', body: 'short', headers: { 'content-length': '500' } })
    expect(short.status).toBe(400)
    expect(await rig.read(c.tidalSurveyArchive, 'survey/a.txt')).toBe('0123456789')
    expect(readdirSync(rig.path(c.tidalSurveyArchive, 'survey'))).toEqual(['a.txt'])
  })

  it('keeps to conditions, so that nobody overwrites what they have not seen', async () => {
    const { rig, url, token } = await withFile()
    const put = async (headers: Record<string, string>): Promise<number> =>
      (await rig.send(url, { token, method: 'PUT', body: 'mine', headers })).status
    expect(await put({ 'if-none-match': '*' })).toBe(412)
    expect(await put({ 'if-match': '"old"' })).toBe(412)
    expect(await put({ 'content-range': 'bytes 0-3/10' })).toBe(400)
    const etag = (await rig.send(url, { token, method: 'HEAD' })).headers.get('etag') ?? ''
    expect(await put({ 'if-match': etag })).toBe(200)
    expect(await rig.read(c.tidalSurveyArchive, 'survey/a.txt')).toBe('mine')
  })

  it('says why the storage does not take it', async () => {
    const rig = createDataRig()
    const put = async (collection: string, path: string, size = 3): Promise<unknown> => {
      const token = await rig.token(people.maya, collection)
      const init = { token, method: 'PUT', body: Buffer.alloc(size) }
      const response = await rig.send(`${rig.origin(collection)}${path}`, init)
      return response.status < 400 ? response.status : [response.status, (await json(response))['code']]
    }
    expect(await put(c.microscope3, '/x')).toEqual([403, 'PermissionDenied'])
    expect(await put(c.quotaCorner, '/x', 20_000_001)).toEqual([507, 'NoSpaceLeft'])
    expect(await put(c.quotaCorner, '/x', 20_000_000)).toBe(201)
    expect(await put(c.quotaCorner, '/y', 1)).toEqual([507, 'NoSpaceLeft'])
    expect(await put(c.campusClusterScratch, '/none/x')).toEqual([404, 'NotFound'])
    expect(await put(c.campusClusterScratch, `/${'x'.repeat(300)}`)).toEqual([400, 'BadRequest'])
    expect(await put(c.campusClusterScratch, '/')).toEqual([400, 'BadRequest'])
    await rig.write(c.campusClusterScratch, 'folder/x', '')
    expect(await put(c.campusClusterScratch, '/folder')).toEqual([404, 'NotFound'])
    rig.emulator.world.collections.change(c.campusClusterScratch, { full: true })
    expect(await put(c.campusClusterScratch, '/x')).toEqual([507, 'NoSpaceLeft'])
    rig.emulator.world.collections.change(c.campusClusterScratch, { full: false, online: false })
    expect(await put(c.campusClusterScratch, '/x')).toEqual([503, 'ConnectFailed'])
    expect(readdirSync(rig.path(c.quotaCorner))).toEqual(['x'])
  })

  it('deletes files and nothing else', async () => {
    const { rig, url, token } = await withFile()
    const remove = async (path: string): Promise<number> =>
      (await rig.send(`${rig.origin(c.tidalSurveyArchive)}${path}`, { token, method: 'DELETE' })).status
    expect([await remove('/survey'), await remove('/survey/'), await remove('/')]).toEqual([404, 404, 404])
    expect([await remove('/survey/a.txt'), await remove('/survey/a.txt')]).toEqual([204, 404])
    expect((await rig.send(url, { token })).status).toBe(404)
    expect(statSync(rig.path(c.tidalSurveyArchive, 'survey')).isDirectory()).toBe(true)
  })
})

describe('who may', () => {
  it('reads without a token what everybody may read, and writes nothing', async () => {
    const rig = createDataRig()
    await rig.write(c.tidalSurveyPublic, 'open.csv', 'a,b')
    const url = `${rig.origin(c.tidalSurveyPublic)}/open.csv`
    expect(await (await rig.send(url)).text()).toBe('a,b')
    const put = await rig.send(url, { method: 'PUT', body: 'x' })
    expect([put.status, put.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    const bad = await rig.send(url, { token: 'AgNothing' })
    expect([bad.status, (await json(bad))['code']]).toEqual([401, 'AuthenticationFailed'])
  })

  it('follows the rules of a guest collection', async () => {
    const rig = createDataRig()
    await rig.write(c.tideCrewWorkspace, 'results/r.txt', 'r')
    const url = `${rig.origin(c.tideCrewWorkspace)}/results/r.txt`
    const as = async (person: string, method: string): Promise<number> => {
      const init = { token: await rig.token(person, c.tideCrewWorkspace), method }
      return (await rig.send(url, method === 'PUT' ? { ...init, body: 'new' } : init)).status
    }
    expect([await as(people.zoe, 'GET'), await as(people.zoe, 'PUT'), await as(people.zoe, 'DELETE')]).toEqual([
      200, 403, 403,
    ])
    expect([await as(people.sam, 'GET'), await as(people.maya, 'PUT')]).toEqual([403, 200])
    const maya = await rig.as(people.maya)
    const rule = { principal_type: 'identity', principal: people.sam, path: '/results/', permissions: 'r' }
    await maya.send('POST', `/v0.10/endpoint/${c.tideCrewWorkspace}/access`, rule)
    expect(await as(people.sam, 'GET')).toBe(200)
  })

  it('names the missing consent, and the missing login', async () => {
    const rig = createDataRig()
    await rig.write(c.tidalSurveyArchive, 'a', 'a')
    await rig.write(c.hospitalImaging, 'scan', 's')
    const issue = async (person: string, scopes: readonly string[]): Promise<string> =>
      (await rig.emulator.issueTokens({ client: clients.portal, identity: person, scopes })).access_token
    const url = `${rig.origin(c.tidalSurveyArchive)}/a`
    const bare = await rig.send(url, { token: await issue(people.maya, [httpsScope(c.tidalSurveyArchive)]) })
    expect([bare.status, await json(bare)]).toMatchObject([
      403,
      {
        code: 'ConsentRequired',
        authorization_parameters: {
          required_scopes: [httpsScope(c.tidalSurveyArchive), accessScope(c.tidalSurveyArchive)],
        },
      },
    ])
    const nested = `${httpsScope(c.tidalSurveyArchive)}[*${accessScope(c.tidalSurveyArchive)}]`
    expect((await rig.send(url, { token: await issue(people.maya, [nested]) })).status).toBe(200)
    const scan = `${rig.origin(c.hospitalImaging)}/scan`
    const maya = await rig.send(scan, { token: await rig.token(people.maya, c.hospitalImaging) })
    expect([maya.status, await json(maya)]).toMatchObject([
      403,
      { authorization_parameters: { session_required_single_domain: ['hospital.example'] } },
    ])
    const token = await rig.token(people.ingrid, c.hospitalImaging)
    expect((await rig.send(scan, { token })).status).toBe(200)
    rig.emulator.world.timeShift.age('authentications', 120_000)
    const old = await json(await rig.send(scan, { token }))
    expect(old).toMatchObject({ authorization_parameters: { prompt: 'login' } })
  })

  it('refuses a token of another service or collection', async () => {
    const { rig, url } = await withFile()
    const other = await rig.token(people.maya, c.campusClusterScratch)
    const transfer = await rig.emulator.issueTokens({
      client: clients.portal,
      identity: people.maya,
      scopes: 'urn:globus:auth:scope:transfer.api.globus.org:all',
    })
    for (const token of [other, transfer.access_token]) expect((await rig.send(url, { token })).status).toBe(401)
  })
})

const hash = (content: Buffer): string => createHash('sha256').update(content).digest('hex')
