import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { demo } from '../../src/index.ts'
import { spellings } from '../transfer/hostile-paths.ts'
import { startLinkSwapper } from '../transfer/link-swapper.ts'
import { createDataRig, type DataRig } from './support.ts'

const { collections: c, people } = demo
const SENTINEL = 'the-secret-outside'

async function outsideRig(): Promise<{ rig: DataRig; origin: string; token: string; root: string; outside: string }> {
  const rig = createDataRig()
  await rig.write(c.oddNames, 'a/b/inside', 'inside')
  const root = rig.path(c.oddNames)
  const outside = join(root, '..', 'outside')
  mkdirSync(outside)
  writeFileSync(join(outside, 'secret'), SENTINEL)
  return { rig, origin: rig.origin(c.oddNames), token: await rig.token(people.maya, c.oddNames), root, outside }
}

describe('the address of a file', () => {
  it('SEC-93 never leads outside, however it is spelled', { timeout: 600_000 }, async () => {
    const { rig, origin, token, outside } = await outsideRig()
    for (const path of spellings()) {
      const forms = [path, encodeURI(path), path.split('/').map(encodeURIComponent).join('/'), encodeURIComponent(path)]
      for (const form of forms) {
        const address = `${origin}/${form.replace(/^\//, '')}`
        if (!URL.canParse(address)) continue
        const got = await rig.send(address, { token })
        expect([form, got.status, await got.text()]).not.toContain(SENTINEL)
        expect(got.status).toBeGreaterThanOrEqual(400)
        expect(got.status).toBeLessThan(500)
        const removed = await rig.send(address, { token, method: 'DELETE' })
        expect(removed.status).toBeLessThan(500)
      }
      const put = await rig.send(`${origin}/${encodeURIComponent(path)}`, { token, method: 'PUT', body: 'x' })
      expect(put.status).toBeLessThan(500)
    }
    expect(readdirSync(outside)).toEqual(['secret'])
    expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe(SENTINEL)
  })

  it('leads through links only as long as they stay inside', async () => {
    const { rig, origin, token, root, outside } = await outsideRig()
    symlinkSync(join(outside, 'secret'), join(root, 'absolute'))
    symlinkSync('../outside/secret', join(root, 'relative'))
    symlinkSync('../outside', join(root, 'folder'))
    symlinkSync('relative', join(root, 'chain'))
    symlinkSync('loop', join(root, 'loop'))
    symlinkSync('../outside/new', join(root, 'dangling'))
    symlinkSync('a/b/inside', join(root, 'good'))
    const get = async (path: string): Promise<readonly [number, string]> => {
      const response = await rig.send(origin + path, { token })
      return [response.status, await response.text()]
    }
    for (const path of ['/absolute', '/relative', '/folder/secret', '/chain']) {
      expect((await get(path))[0]).toBe(403)
      expect((await rig.send(origin + path, { token, method: 'PUT', body: 'x' })).status).toBe(403)
    }
    expect((await get('/loop'))[0]).toBe(404)
    expect((await rig.send(`${origin}/dangling`, { token, method: 'PUT', body: 'x' })).status).toBe(403)
    expect(await get('/good')).toEqual([200, 'inside'])
    expect((await rig.send(`${origin}/good`, { token, method: 'PUT', body: 'through' })).status).toBe(200)
    expect([readlinkSync(join(root, 'good')), await rig.read(c.oddNames, 'a/b/inside')]).toEqual([
      'a/b/inside',
      'through',
    ])
    expect((await rig.send(`${origin}/absolute`, { token, method: 'DELETE' })).status).toBe(204)
    expect([readdirSync(outside), readFileSync(join(outside, 'secret'), 'utf8')]).toEqual([['secret'], SENTINEL])
  })

  it('does not lead through a link from a shared folder into one that is not shared', async () => {
    const { rig, root } = await outsideRig()
    const maya = await rig.as(people.maya)
    const rule = { principal_type: 'identity', principal: people.sam, path: '/shared/', permissions: 'rw' }
    await maya.send('POST', `/v0.10/endpoint/${c.tideCrewWorkspace}/access`, rule)
    await rig.write(c.tideCrewWorkspace, 'private/p', 'private')
    await rig.write(c.tideCrewWorkspace, 'shared/s', 's')
    symlinkSync('../private/p', rig.path(c.tideCrewWorkspace, 'shared', 'link'))
    const token = await rig.token(people.sam, c.tideCrewWorkspace)
    const url = `${rig.origin(c.tideCrewWorkspace)}/shared/link`
    expect((await rig.send(url, { token })).status).toBe(403)
    expect((await rig.send(url, { token, method: 'PUT', body: 'x' })).status).toBe(403)
    expect(await rig.read(c.tideCrewWorkspace, 'private/p')).toBe('private')
    expect(root).not.toBe('')
  })

  it('opens no pipe, socket or half-written file', async () => {
    const { rig, origin, token, root } = await outsideRig()
    execFileSync('mkfifo', [join(root, 'pipe')])
    const draft = '.pierhead-00000000-0000-4000-8000-000000000000-0.part'
    await rig.write(c.oddNames, draft, 'half')
    for (const path of ['/pipe', `/${draft}`]) {
      expect((await rig.send(origin + path, { token })).status).toBe(404)
      expect((await rig.send(origin + path, { token, method: 'PUT', body: 'x' })).status).toBeGreaterThanOrEqual(400)
    }
    expect((await rig.send(`${origin}/${draft}`, { token, method: 'DELETE' })).status).toBe(404)
    expect(readdirSync(root).toSorted()).toEqual([draft, 'a', 'pipe'])
  })

  it('does not write into another name of the file that it replaces', async () => {
    const { rig, origin, token, root, outside } = await outsideRig()
    linkSync(join(outside, 'secret'), join(root, 'hard'))
    expect((await rig.send(`${origin}/hard`, { token, method: 'PUT', body: 'mine' })).status).toBe(200)
    expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe(SENTINEL)
  })

  it('stays inside while somebody swaps a directory for a link 10,000 times', { timeout: 600_000 }, async () => {
    const { rig, origin, token, root, outside } = await outsideRig()
    const swapper = startLinkSwapper(root, outside)
    const seen = new Set<string>()
    try {
      for (let round = 0; round < 1000 || swapper.rounds() < 10_000; round += 1) {
        const got = await rig.send(`${origin}/swapped/secret`, { token })
        if (got.status === 200) seen.add(await got.text())
        expect(
          (await rig.send(`${origin}/swapped/new-${round % 5}`, { token, method: 'PUT', body: 'x' })).status,
        ).toBeLessThan(500)
        expect((await rig.send(`${origin}/swapped/new-${round % 5}`, { token, method: 'DELETE' })).status).toBeLessThan(
          500,
        )
      }
    } finally {
      await swapper.stop()
    }
    expect(Array.from(seen).every((text) => text === 'harmless')).toBe(true)
    expect([readdirSync(outside), readFileSync(join(outside, 'secret'), 'utf8')]).toEqual([['secret'], SENTINEL])
  })
})

describe('headers', () => {
  const header = fc.oneof(
    fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) }),
    fc.constantFrom(
      '*',
      '"',
      '""',
      'W/"',
      'bytes=',
      'bytes=-',
      'bytes=0-',
      'bytes=99999999999999999999-',
      'bytes=-99999999999999999999',
    ),
    fc.tuple(fc.integer(), fc.integer()).map(([start, end]) => `bytes=${start}-${end}`),
    fc.date().map((date) => String(date)),
  )
  const names = fc.constantFrom(
    'range',
    'if-range',
    'if-match',
    'if-none-match',
    'if-modified-since',
    'if-unmodified-since',
    'accept',
    'authorization',
    'cookie',
    'origin',
    'content-range',
    'content-length',
    'content-type',
    'host',
  )

  it('of any kind never make it fail', { timeout: 60_000 }, async () => {
    const { rig, origin, token } = await outsideRig()
    const run = fc.asyncProperty(
      fc.dictionary(names, header, { maxKeys: 4 }),
      fc.constantFrom('GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'POST', 'PATCH'),
      async (headers, method) => {
        const body = method === 'PUT' || method === 'POST' ? 'body' : null
        const response = await rig.send(`${origin}/a/b/inside`, {
          headers: { authorization: `Bearer ${token}`, ...headers },
          method,
          body,
        })
        await response.arrayBuffer()
        expect(response.status).toBeLessThan(500)
      },
    )
    await fc.assert(run, { numRuns: 400 })
  })
})
