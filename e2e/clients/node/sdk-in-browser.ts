// @globus/sdk's AuthorizationManager in Chromium, as a page of another origin uses it: PKCE, refresh and revoke by CORS.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { chromium } from 'playwright-core'
import { capability } from '../../../tools/lib/capability.ts'
import { assert, feature, world } from './support.ts'

const program = capability('browser')
assert(program.available, 'there is no Chromium')
const sdk = join(dirname(createRequire(import.meta.url).resolve('@globus/sdk/package.json')), 'dist/umd')
const bundle = readFileSync(join(sdk, 'globus.production.js'))
const { browser: client } = world.clients
const address = new URL(client.redirect_uri)

const page = `<!doctype html><title>app</title><script>window.GLOBUS_SDK_SERVICE_URL_AUTH = ${JSON.stringify(`${world.url}/`)}</script>
<script src="/sdk.js"></script>
<script>
  window.manager = globus.authorization.create({
    client: ${JSON.stringify(client.id)}, redirect: ${JSON.stringify(client.redirect_uri)},
    scopes: 'openid profile email urn:globus:auth:scope:transfer.api.globus.org:all', useRefreshTokens: true,
    storage: window.localStorage,
  })
</script>`

const server = createServer((request, response) => {
  const isSdk = request.url === '/sdk.js'
  response.setHeader('content-type', isSdk ? 'text/javascript' : 'text/html')
  response.end(isSdk ? bundle : page)
})
await new Promise<void>((resolve) => server.listen(Number(address.port), 'localhost', resolve))
const browser = await chromium.launch({ executablePath: program.path, chromiumSandbox: false })
const tab = await browser.newPage()
tab.setDefaultTimeout(60_000)
const problems: string[] = []
tab.on('console', (message) => {
  if (message.type() === 'error') problems.push(message.text())
})

/** What an expression gives in the page. */
const inPage = (expression: string): Promise<unknown> => tab.evaluate(expression)
const storedToken = (): Promise<unknown> => inPage('manager.tokens.transfer && manager.tokens.transfer.access_token')

await feature('login', async () => {
  await tab.goto(address.origin)
  await inPage('void manager.login()')
  await tab.getByRole('button', { name: world.people.maya.name, exact: true }).click()
  await tab.getByRole('button', { name: 'Allow', exact: true }).click()
  await tab.waitForURL((url) => url.origin === address.origin && url.searchParams.has('code'))
  await inPage('manager.handleCodeRedirect({ shouldReplace: false })')
  assert((await inPage('manager.authenticated')) === true, problems)
})

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

await browser.close()
server.close()
