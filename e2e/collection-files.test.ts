import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { demo, type RunningEmulator } from '@pierhead/emulator'
import { isAuthorizationRequirementsError, isGlobusServiceError } from 'pierhead'
import { collectionClient, pickerUrl, type CollectionClient } from 'pierhead/globus'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { browserProgram, launchBrowser, openProfile } from './support/browser.ts'
import { startGlobus } from './support/emulator.ts'

const { collections: c, people, clients } = demo
const archive = c.tidalSurveyArchive

let globus: RunningEmulator

beforeAll(async () => {
  globus = await startGlobus()
})

afterAll(() => globus.close())

beforeEach(() => {
  for (const name of ['AUTH', 'TRANSFER']) vi.stubEnv(`GLOBUS_SDK_SERVICE_URL_${name}`, globus.origin)
})

const scope = (collection: string, name: string): string => `https://auth.globus.org/scopes/${collection}/${name}`

/** The kit's client of a collection, for somebody whose login has those scopes. */
async function filesOf(collection: string, person: string, scopes: readonly string[]): Promise<CollectionClient> {
  const { access_token: token } = await globus.issueTokens({ client: clients.portal, identity: person, scopes })
  return collectionClient(
    { accessToken: () => Promise.resolve(token) },
    { id: collection, https_server: serverOf(collection) },
  )
}

const serverOf = (id: string): string | null => infoOf(id)?.https_server ?? null

const infoOf = (id: string) => globus.info().collections.find((collection) => collection.id === id)

async function plant(collection: string, name: string, content: string | Buffer): Promise<string> {
  const path = join(infoOf(collection)?.root ?? '', name)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, content)
  return path
}

const textOf = async (body: ReadableStream<Uint8Array>): Promise<string> =>
  new Response(new Uint8Array(await bytesOf(body))).text()

async function bytesOf(body: ReadableStream<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const hash = (content: Buffer): string => createHash('sha256').update(content).digest('hex')

describe('files of a collection, by the kit', () => {
  const both = [scope(archive, 'https'), scope(archive, 'data_access')]

  it('are read, in whole and in part, written and deleted', async () => {
    const files = await filesOf(archive, people.maya, both)
    const content = randomBytes(5_000_000)
    await mkdir(join(infoOf(archive)?.root ?? '', 'kit'), { recursive: true })
    await files.put('/kit/large.bin', content)
    expect(hash(await readFile(join(infoOf(archive)?.root ?? '', 'kit/large.bin')))).toBe(hash(content))
    const whole = await files.get('/kit/large.bin')
    expect(whole).toMatchObject({ status: 200, size: 5_000_000, contentType: 'application/octet-stream' })
    expect(hash(await bytesOf(whole.body))).toBe(hash(content))
    const part = await files.get('/kit/large.bin', { range: { start: 1000, end: 1999 } })
    expect(part.range).toEqual({ start: 1000, end: 1999, total: 5_000_000 })
    expect(await bytesOf(part.body)).toEqual(content.subarray(1000, 2000))
    expect(await files.head('/kit/large.bin')).toMatchObject({ size: 5_000_000, etag: whole.etag })
    await files.remove('/kit/large.bin')
    await expect(files.head('/kit/large.bin')).rejects.toMatchObject({ status: 404 })
  })

  it.each(['50%25 off.txt', 'a%2Fb', 'naïve ü.csv', '日本 #1?', 'it\'s "quoted"', '~tilde', 'back\\slash'])(
    'are found by the name %j',
    async (name) => {
      const files = await filesOf(archive, people.maya, both)
      await plant(archive, `kit-names/${name}`, name)
      expect(await textOf((await files.get(`/kit-names/${name}`)).body)).toBe(name)
    },
  )

  it('tell what a login lacks', async () => {
    await plant(archive, 'kit/a', 'a')
    const bare = await filesOf(archive, people.maya, [scope(archive, 'https')])
    const error = await bare.head('/kit/a').catch((thrown: unknown) => thrown)
    expect(isGlobusServiceError(error) || isAuthorizationRequirementsError(error)).toBe(true)
    const read = await bare.get('/kit/a').catch((thrown: unknown) => thrown)
    expect(isAuthorizationRequirementsError(read)).toBe(true)
    const crew = await filesOf(c.tideCrewWorkspace, people.sam, [scope(c.tideCrewWorkspace, 'https')])
    await expect(crew.get('/any')).rejects.toMatchObject({ status: 403 })
  })

  it('are public where everybody may read', async () => {
    await plant(c.tidalSurveyPublic, 'LICENSE', 'free')
    const anybody = collectionClient(undefined, {
      id: c.tidalSurveyPublic,
      https_server: serverOf(c.tidalSurveyPublic),
    })
    expect(await textOf((await anybody.get('/LICENSE')).body)).toBe('free')
    const closed = collectionClient(undefined, { id: archive, https_server: serverOf(archive) })
    await expect(closed.get('/kit/a')).rejects.toMatchObject({ status: 302 })
  })

  it('never send a token to a server that is no collection’s', async () => {
    const seen: (string | undefined)[] = []
    const hostile = await listenOn((authorization) => seen.push(authorization))
    const session = { accessToken: () => Promise.resolve('the-token-of-somebody') }
    vi.stubEnv('GLOBUS_SDK_SERVICE_URL_AUTH', 'https://auth.example.org')
    for (const server of [hostile.origin, 'http://files.example', 'https://127.0.0.1', 'https://x@files.example']) {
      const files = collectionClient(session, { id: archive, https_server: server })
      await expect(files.get('/a')).rejects.toMatchObject({ code: 'collection_refused' })
    }
    await new Promise((done) => hostile.server.close(done))
    expect(seen).toEqual([])
  })
})

async function listenOn(
  notice: (authorization: string | undefined) => void,
): Promise<{ server: Server; origin: string }> {
  const server = createServer((request, response) => {
    notice(request.headers.authorization)
    response.end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  return { server, origin: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}` }
}

describe.skipIf(!browserProgram.available)('in Chromium', () => {
  it('a plain link to a private file leads through login and shows the file', async () => {
    await plant(archive, 'link/level.txt', 'the level is 4.2')
    const browser = await launchBrowser()
    try {
      const page = await (await openProfile(browser)).newPage()
      await page.goto(`${serverOf(archive)}/link/level.txt`)
      await page.getByRole('button', { name: 'Maya Okafor', exact: true }).click()
      await page.getByRole('button', { name: 'Allow', exact: true }).click()
      await page.waitForURL(`${serverOf(archive)}/link/level.txt`)
      expect(await page.textContent('body')).toContain('the level is 4.2')
    } finally {
      await browser.close()
    }
  })

  it('the picker sends what was chosen to the app, as a form', async () => {
    await plant(c.tideCrewWorkspace, 'picked/x', '')
    const received: string[] = []
    const app = createServer((request, response) => {
      request.on('data', (chunk: Buffer) => received.push(chunk.toString()))
      request.on('end', () => response.end('thanks'))
    })
    await new Promise<void>((done) => app.listen(0, 'localhost', done))
    const address = app.address()
    const action = `http://localhost:${typeof address === 'object' ? address?.port : ''}/picked`
    const picker = new URL(pickerUrl({ action, method: 'POST', folderLimit: 1, fileLimit: 0 }))
    const browser = await launchBrowser()
    try {
      const page = await (await openProfile(browser)).newPage()
      // The same page of the local Globus.
      await page.goto(`${globus.origin}${picker.pathname}${picker.search}`)
      await page.getByRole('button', { name: 'Maya Okafor', exact: true }).click()
      await page.getByRole('link', { name: 'Tide Crew Workspace', exact: true }).click()
      await page.getByRole('checkbox', { name: 'picked', exact: true }).check()
      await page.getByRole('button', { name: 'Choose', exact: true }).click()
      await page.getByRole('button', { name: 'Submit', exact: true }).click()
      await page.waitForURL(action)
      const form = Object.fromEntries(new URLSearchParams(received.join('')))
      expect(form).toMatchObject({ endpoint_id: c.tideCrewWorkspace, path: '/', 'folder[0]': 'picked' })
    } finally {
      await browser.close()
      await new Promise((done) => app.close(done))
    }
  })
})
