import { demo, type RunningEmulator } from '@pierhead/emulator'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { logInAs } from '../support/browser.ts'

export const mayasFields = {
  Username: 'maya.okafor@harbour.example',
  Email: 'maya.okafor@harbour.example',
  UUID: demo.people.maya,
  Organization: 'Harbour University',
}

/** Opens the home page as a stranger, who is asked to log in first, and comes back to it. */
export async function logInFrom(page: Page, origin: string, name: string): Promise<void> {
  await page.goto(`${origin}/`)
  expect(new URL(page.url()).origin).not.toBe(origin)
  await logInAs(page, name)
  await page.waitForURL(`${origin}/`)
}

/** The names and values of the page's description list. */
export async function fieldsOf(page: Page): Promise<Record<string, string>> {
  const names = await page.locator('dt').allInnerTexts()
  const values = await page.locator('dd').allInnerTexts()
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']))
}

/** From the home page to the list of endpoints. @returns its lines */
export async function openEndpoints(page: Page, origin: string): Promise<string[]> {
  await page.getByRole('link', { name: 'Your endpoints' }).click()
  await page.waitForURL(`${origin}/endpoints`)
  // A list that a script brings comes after the address; there are more than a hundred.
  await page.getByRole('listitem').nth(100).waitFor()
  return page.getByRole('listitem').allInnerTexts()
}

/** Logs out, at Globus too, and goes on to the application, which asks for a new login. */
export async function logOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Log out' }).click()
  await page.getByText('You are logged out').waitFor()
  await page.getByRole('link', { name: 'Continue to Tide Viewer' }).click()
  await page.getByRole('button', { name: 'Maya Okafor', exact: true }).waitFor()
}

/** Maya makes a folder, by no application of this test. */
export async function makeFolder(globus: RunningEmulator, collection: string, path: string): Promise<void> {
  const app = globus.registerApp({ name: 'Elsewhere', type: 'portal', redirectUris: ['http://localhost:1/login'] })
  const scopes = 'urn:globus:auth:scope:transfer.api.globus.org:all'
  const { access_token: token } = await globus.issueTokens({ client: app.clientId, identity: demo.people.maya, scopes })
  const answer = await fetch(`${globus.origin}/v0.10/operation/endpoint/${collection}/mkdir`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ DATA_TYPE: 'mkdir', path }),
  })
  expect(answer.status).toBe(202)
}
