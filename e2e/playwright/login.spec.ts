import { expect, test as base } from '@playwright/test'
import { globusFixtures, type GlobusFixtures, type GlobusWorkerFixtures } from '@pierhead/emulator/playwright'
import { startSmallApp } from './app.ts'

interface AppFixtures {
  /** The address of an app that is registered at the emulator. */
  readonly app: string
}

const test = base.extend<GlobusFixtures, GlobusWorkerFixtures>(globusFixtures).extend<AppFixtures>({
  app: async ({ globus }, use) => {
    const app = await startSmallApp(globus)
    await use(app.origin)
    await app.close()
  },
})

const seen = new Set<string>()

for (const round of ['first', 'second']) {
  test(`the ${round} test has a person of its own, who sees no page of Globus`, async ({
    page,
    app,
    person,
    globus,
  }) => {
    const pages: string[] = []
    page.on('response', (response) => {
      if (response.url().startsWith(`${globus.url}/p/`) && response.status() === 200) pages.push(response.url())
    })
    await page.goto(app)
    await expect(page.locator('body')).toHaveText(`Hello ${person.name}`)
    expect(pages).toEqual([])
    expect(seen.has(person.id)).toBe(false)
    seen.add(person.id)
  })
}

test('a browser without the person is asked to log in', async ({ page, app }) => {
  await page.goto(app)
  await expect(page.getByRole('heading')).toHaveText('Log in to use Small App')
})

test.describe('a person with details', () => {
  test.use({ personDetails: { name: 'Noor Haddad', organization: 'Tide Institute' } })

  test('has them', async ({ page, app, person, globus }) => {
    await page.goto(app)
    await expect(page.locator('body')).toHaveText('Hello Noor Haddad')
    const { identities } = await globus.control.info()
    expect(identities.find(({ id }) => id === person.id)).toMatchObject({ organization: 'Tide Institute' })
  })
})
