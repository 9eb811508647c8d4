import { demo, type RunningEmulator } from '@pierhead/emulator'
import type { Browser, Page, Request } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { browserProgram, launchBrowser, logInAs, openProfile, type Profile } from './support/browser.ts'
import { startGlobus } from './support/emulator.ts'
import { type PageApp, startPageApp } from './support/page-app.ts'

const { mayasLaptop, tidalSurveyArchive } = demo.collections
const listArchive = `globus.transfer.fileOperations.ls('${tidalSurveyArchive}', {}, options)
  .then(async (answer) => ({ status: answer.status, document: await answer.json() }))`

describe.skipIf(!browserProgram.available)('a page in Chromium that calls Globus without a token', () => {
  let browser: Browser
  let globus: RunningEmulator
  let app: PageApp
  let profile: Profile
  let page: Page
  let requests: Request[]

  beforeAll(async () => {
    globus = await startGlobus()
    browser = await launchBrowser()
  })

  afterAll(async () => {
    await browser.close()
    await globus.close()
  })

  beforeEach(async () => {
    for (const name of ['AUTH', 'TRANSFER']) vi.stubEnv(`GLOBUS_SDK_SERVICE_URL_${name}`, globus.origin)
    app = await startPageApp(globus)
    profile = await openProfile(browser)
    page = await profile.newPage()
    await openPage('/')
    requests = []
    page.on('request', (request) => requests.push(request))
  })

  afterEach(async () => {
    await profile.close()
    await app.close()
  })

  const openPage = async (path: string): Promise<void> => {
    await page.goto(`${app.origin}${path}`)
    await logInAs(page, 'Maya Okafor')
    await ready()
  }

  const ready = async (): Promise<void> => {
    await page.waitForURL((url) => url.origin === app.origin)
    await page.locator('body[data-ready]').waitFor()
  }

  /** What an expression gives in the page. */
  const inPage = (expression: string): Promise<unknown> => page.evaluate(expression)

  it('uses the SDK of Globus with one option, and reaches its own server only', async () => {
    const query = "{ query: { filter_scope: 'my-endpoints', limit: 3 } }"
    const found = await inPage(`globus.transfer.endpointSearch(${query}, options).then((answer) => answer.json())`)
    expect(found).toMatchObject({ DATA_TYPE: 'endpoint_list', limit: 3 })
    // The page may have the answer before this process has heard that it was sent.
    const last = (): string | undefined => app.answered.at(-1)
    await expect
      .poll(last)
      .toBe('GET /globus/transfer.api.globusonline.org/v0.10/endpoint_search?filter_scope=my-endpoints&limit=3 200')
    expect(new Set(requests.map((request) => new URL(request.url()).origin))).toEqual(new Set([app.origin]))
    for (const request of requests) expect(await request.headerValue('authorization')).toBeNull()
    expect(await inPage('JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }])')).toBe(
      '["",{},{}]',
    )
    expect(profile.problems).toEqual([])
  })

  it('may say the option once for all calls', async () => {
    const status = await inPage(`(window.GLOBUS_SDK_OPTIONS = options,
      globus.transfer.fileOperations.mkdir('${mayasLaptop}', {
        payload: { DATA_TYPE: 'mkdir', path: '/~/from-a-page' } }).then((answer) => answer.status))`)
    expect(status).toBe(202)
    const names = await inPage(`globus.transfer.fileOperations.ls('${mayasLaptop}', { query: { path: '/~/' } })
      .then((answer) => answer.json()).then(({ DATA }) => DATA.map(({ name }) => name))`)
    expect(names).toContain('from-a-page')
  })

  it('learns of errors of a service what the service says', async () => {
    const answer = await inPage(`globus.transfer.endpoint.get('00000000-0000-4000-8000-000000000000', {}, options)
      .then(async (answer) => ({ status: answer.status, document: await answer.json() }))`)
    expect(answer).toMatchObject({ status: 404, document: { code: 'EndpointNotFound' } })
  })

  it('S1.19 leads a person through a consent in a second window, and goes on', async () => {
    const opened = page.waitForEvent('popup')
    const listing = inPage(listArchive)
    const popup = await opened
    await popup.getByRole('button', { name: 'Allow', exact: true }).waitFor()
    expect(await popup.locator('body').innerText()).toContain('Tidal Survey Archive')
    const closed = popup.waitForEvent('close')
    await popup.getByRole('button', { name: 'Allow', exact: true }).click()
    await closed
    expect(await listing).toMatchObject({ status: 200, document: { DATA_TYPE: 'file_list' } })
    // The page stayed where it was, and needs no further window.
    expect(await inPage(listArchive)).toMatchObject({ status: 200 })
    expect(profile.context.pages()).toHaveLength(1)
  })

  it('opens one window for many calls that need the same', async () => {
    const popups: Page[] = []
    page.on('popup', (popup) => popups.push(popup))
    const listing = inPage(`Promise.all([1, 2, 3].map(() => ${listArchive}))`)
    await expect.poll(() => popups.length).toBe(1)
    await popups[0]?.getByRole('button', { name: 'Allow', exact: true }).click()
    expect(await listing).toMatchObject([{ status: 200 }, { status: 200 }, { status: 200 }])
    expect(popups).toHaveLength(1)
  })

  it('gets the refusal when the person closes the window', async () => {
    const opened = page.waitForEvent('popup')
    const listing = inPage(listArchive)
    const popup = await opened
    await popup.getByRole('button', { name: 'Allow', exact: true }).waitFor()
    await popup.close()
    expect(await listing).toMatchObject({ status: 403, document: { code: 'authorization_required' } })
  })

  it('SEC-90 shows the person the words of the service, where another login is wanted', async () => {
    const opened = page.waitForEvent('popup')
    const answer = inPage("call('/strict').then((answer) => answer.text())")
    const popup = await opened
    const maya = popup.getByRole('button', { name: 'Maya Okafor', exact: true })
    await maya.waitFor()
    expect(await popup.locator('body').innerText()).toContain('The tide office wants <b>you</b> again.')
    await maya.click()
    expect(await answer).toBe('granted')
  })

  it('does the same for calls to its own server', async () => {
    const opened = page.waitForEvent('popup')
    const listing = inPage(
      "call('/archive').then(async (answer) => ({ status: answer.status, items: await answer.json() }))",
    )
    await (await opened).getByRole('button', { name: 'Allow', exact: true }).click()
    expect(await listing).toMatchObject({ status: 200 })
    const posted = inPage(
      `call('/whoami', { method: 'POST', body: '{"tide":"high"}' }).then((answer) => answer.json())`,
    )
    expect(await posted).toEqual({ tide: 'high', name: 'Maya Okafor' })
  })

  it('leaves for the consent and comes back to itself where it wants no second window', async () => {
    await openPage('/?login=page')
    void inPage(listArchive).catch(() => undefined)
    await page.getByRole('button', { name: 'Allow', exact: true }).click()
    await page.waitForURL(`${app.origin}/?login=page`)
    await ready()
    expect(await inPage(listArchive)).toMatchObject({ status: 200 })
  })

  it('goes to log in when its session has ended, and sends nothing again by itself', async () => {
    await profile.context.clearCookies({ domain: 'localhost' })
    const before = app.answered.length
    const left = page.waitForRequest((request) => request.url().includes('/v2/oauth2/authorize?'))
    // This one is not the page that it comes back to.
    await inPage('delete document.body.dataset.ready')
    void inPage(`call('/whoami', { method: 'POST', body: '{}' })`).catch(() => undefined)
    await left
    await ready()
    expect(app.answered.slice(before).filter((line) => line.includes('/whoami'))).toEqual(['POST /whoami 401'])
    expect(await page.locator('h1').innerText()).toBe('Hello Maya Okafor!')
  })

  it('SEC-53 SEC-58 is the only one who can: pages of other origins do not get through', async () => {
    const csrfToken = await inPage('document.querySelector("meta[name=csrf-token]").content')
    const foreign = await profile.newPage()
    await foreign.goto(`${globus.origin}/`)
    const url = `${app.origin}/globus/transfer/v0.10/endpoint_search?filter_scope=my-endpoints`
    const before = app.answered.length
    for (const headers of [{}, { 'x-csrf-token': csrfToken }]) {
      const call = `fetch(${JSON.stringify(url)}, { credentials: 'include', headers: ${JSON.stringify(headers)} })`
      expect(await foreign.evaluate(`${call}.then(() => 'read', () => 'refused')`)).toBe('refused')
    }
    expect(app.answered.slice(before).every((line) => !line.endsWith(' 200'))).toBe(true)
    await foreign.goto(url)
    expect(await foreign.locator('body').innerText()).not.toContain('DATA_TYPE')
  })
})
