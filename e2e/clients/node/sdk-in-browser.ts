// @globus/sdk's AuthorizationManager in Chromium, as a page of another origin uses it: PKCE, refresh and revoke by CORS.
import { openSdkPage } from './sdk-page.ts'
import { assert, feature, world } from './support.ts'

const { browser: client } = world.clients
const { tab, problems, logIn, close } = await openSdkPage(['AUTH'])

/** What an expression gives in the page. */
const inPage = (expression: string): Promise<unknown> => tab.evaluate(expression)
const storedToken = (): Promise<unknown> => inPage('manager.tokens.transfer && manager.tokens.transfer.access_token')

await feature('login', logIn)

await feature(
  'id token',
  async () => assert((await inPage('manager.user.sub')) === world.people.maya.id, 'another sub'),
  'login',
)

await feature(
  'refresh',
  async () => {
    const before = await storedToken()
    await inPage('manager.refreshTokens()')
    const after = await storedToken()
    assert(typeof after === 'string' && after !== before, { problems, isString: typeof after })
  },
  'login',
)

await feature(
  'revoke',
  async () => {
    const token = String(await storedToken())
    await inPage('manager.revoke()')
    const body = new URLSearchParams({ token, client_id: client.id })
    const answer = await fetch(`${world.url}/v2/oauth2/token/validate`, { method: 'POST', body })
    assert((await answer.text()) === '{"active":false}', problems)
    assert((await inPage('manager.authenticated')) === false, 'still authenticated')
  },
  'login',
)

await close()
