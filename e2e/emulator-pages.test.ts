import { createServer, type Server } from 'node:http'
import { demo, startEmulator, type RunningEmulator } from '@pierhead/emulator'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { browserProgram, launchBrowser, patience } from './support/browser.ts'

describe.skipIf(!browserProgram.available)("the emulator's pages", () => {
  let browser: Browser
  let app: Server
  let redirectUri: string
  let emulator: RunningEmulator
  let context: BrowserContext
  let page: Page
  let complaints: string[]

  beforeAll(async () => {
    app = createServer((request, response) => response.end(`app ${request.url}`)).listen(0, '127.0.0.1')
    await new Promise((resolve) => app.once('listening', resolve))
    const address = app.address()
    redirectUri = `http://localhost:${typeof address === 'object' ? address?.port : 0}/login`
    emulator = await startEmulator({ port: 0, redirectUris: [{ clientId: demo.clients.portal, redirectUri }] })
    browser = await launchBrowser()
  })

  afterAll(async () => {
    await browser.close()
    await emulator.close()
    app.close()
  })

  beforeEach(async () => {
    emulator.reset()
    context = await browser.newContext({ viewport: { width: 360, height: 780 } })
    context.setDefaultTimeout(patience)
    page = await context.newPage()
    complaints = []
    page.on('console', (message) => complaints.push(message.text()))
  })

  afterEach(() => context.close())

  const authorizeUrl = (changes: Record<string, string> = {}): string => {
    const parameters = {
      client_id: demo.clients.portal,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'openid email',
      state: 's',
    }
    return `${emulator.origin}/v2/oauth2/authorize?${new URLSearchParams({ ...parameters, ...changes })}`
  }

  const count = (role: 'button' | 'textbox' | 'link', name: string): Promise<number> =>
    page.getByRole(role, { name }).count()

  test('offer each person by a button that carries the name alone', async () => {
    await page.goto(authorizeUrl())
    const names = await page.getByRole('button').evaluateAll((buttons) => buttons.map((button) => button.textContent))
    expect(names.slice(0, 4)).toEqual(['Maya Okafor', 'Zoë <b>Núñez</b>', 'Ingrid Solheim', 'Sam'])
    for (const name of names.slice(0, 4))
      expect(await page.getByRole('button', { name: name ?? '', exact: true }).count()).toBe(1)
    await page.getByRole('button', { name: 'Zoë <b>Núñez</b>', exact: true }).click()
    for (const name of ['Allow', 'Deny']) await expect.poll(() => count('button', name)).toBe(1)
    await page.getByRole('button', { name: 'Allow' }).click()
    await page.waitForURL(/\/login\?code=[A-Za-z0-9]{30}&state=s$/)
    expect(complaints).toEqual([])
  })

  test('lead from "Globus ID to sign in" to the text boxes that test suites of Globus fill in', async () => {
    await page.goto(authorizeUrl())
    expect(await page.getByText('Globus ID to sign in').count()).toBe(1)
    await page.getByText('Globus ID to sign in').click()
    for (const name of ['username', 'password']) await expect.poll(() => count('textbox', name)).toBe(1)
    await expect.poll(() => count('button', 'Log In')).toBe(1)
    const sam = emulator.info().identities.find(({ id }) => id === demo.people.sam)
    await page.getByRole('textbox', { name: 'username' }).fill(sam?.username ?? '')
    await page.getByRole('textbox', { name: 'password' }).fill(sam?.password ?? '')
    await page.getByRole('button', { name: 'Log In' }).click()
    await page.getByRole('button', { name: 'Deny' }).click()
    await page.waitForURL(/\/login\?error=access_denied/)
  })

  test('let a person who is known and consented pass without a form, and another be somebody else', async () => {
    await page.goto(authorizeUrl())
    await page.getByRole('button', { name: 'Maya Okafor' }).click()
    await page.getByRole('button', { name: 'Allow' }).click()
    await page.waitForURL(/code=/)
    await page.goto(authorizeUrl())
    expect(page.url()).toMatch(/code=/)
    await page.goto(authorizeUrl({ prompt: 'consent' }))
    await page.getByRole('link', { name: 'Be somebody else' }).click()
    await page.getByRole('button', { name: 'Sam' }).click()
    await page.getByText('sam@globusid.org').waitFor()
  })

  test('serve two tabs at once', async () => {
    const second = await context.newPage()
    await Promise.all([page.goto(authorizeUrl({ state: 'one' })), second.goto(authorizeUrl({ state: 'two' }))])
    await page.getByRole('button', { name: 'Maya Okafor' }).click()
    await page.getByRole('button', { name: 'Allow' }).click()
    await page.waitForURL(/state=one/)
    await second.getByRole('button', { name: 'Maya Okafor' }).click()
    await second.waitForURL(/state=two/)
    expect(second.url()).toMatch(/code=[A-Za-z0-9]{30}&state=two$/)
  })

  test('SEC-59 cannot be framed', async () => {
    await page.route(`${redirectUri}-frame`, (route) =>
      route.fulfill({ contentType: 'text/html', body: `<iframe src="${authorizeUrl()}"></iframe>` }),
    )
    await page.goto(`${redirectUri}-frame`)
    const framed = (): string | undefined => page.frames()[1]?.url()
    await expect.poll(framed).toBe('chrome-error://chromewebdata/')
    expect(await page.frames()[1]?.getByRole('button').count()).toBe(0)
  })

  test('SEC-97 cannot be submitted by another site', async () => {
    await page.goto(authorizeUrl())
    const request = new URL(page.url()).searchParams.get('request') ?? ''
    const body = `<form method="post" action="${emulator.origin}/p/login"><input name="request" value="${request}"><input name="identity" value="${demo.people.maya}"><button>Win</button></form>`
    await page.route(`${redirectUri}-evil`, (route) => route.fulfill({ contentType: 'text/html', body }))
    await page.goto(`${redirectUri}-evil`)
    await page.getByRole('button', { name: 'Win' }).click()
    await page.getByRole('heading', { name: /./ }).waitFor()
    expect(await page.textContent('main')).toMatch(/FOREIGN_FORM|LOGIN_ATTEMPT_EXPIRED/)
  })

  test('show a link after logout and no more, and the next login asks again', async () => {
    await page.goto(authorizeUrl())
    await page.getByRole('button', { name: 'Maya Okafor' }).click()
    await page.getByRole('button', { name: 'Allow' }).click()
    await page.waitForURL(/code=/)
    const query = {
      client_id: demo.clients.portal,
      redirect_uri: new URL('/', redirectUri).href,
      redirect_name: 'Harbour Portal',
    }
    await page.goto(`${emulator.origin}/v2/web/logout?${new URLSearchParams(query)}`)
    expect(await count('link', 'Continue to Harbour Portal')).toBe(1)
    await page.getByRole('link', { name: 'Continue to Harbour Portal' }).click()
    await page.waitForURL(new URL('/', redirectUri).href)
    await page.goto(authorizeUrl())
    expect(await count('button', 'Maya Okafor')).toBe(1)
  })

  test('say on each of them that this is not Globus, and fit 360 pixels', async () => {
    for (const address of [
      authorizeUrl(),
      authorizeUrl({ scope: 'nothing-like-this' }),
      `${emulator.origin}/v2/web/logout`,
    ]) {
      await page.goto(address)
      await page.getByText('not affiliated with Globus or the University of Chicago').waitFor()
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
    }
  })
})
