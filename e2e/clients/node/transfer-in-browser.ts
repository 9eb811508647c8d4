// @globus/sdk's services for Transfer in Chromium, as a page of another origin calls them with its AuthorizationManager.
import { createHash } from 'node:crypto'
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
const { oddNames, tenThousandBuoys } = world.collections
const address = new URL(client.redirect_uri)
const services = { AUTH: `${world.url}/`, TRANSFER: `${world.url}/` }

const page = `<!doctype html><title>app</title><script>
  for (const [name, url] of Object.entries(${JSON.stringify(services)})) window['GLOBUS_SDK_SERVICE_URL_' + name] = url
</script>
<script src="/sdk.js"></script>
<script>
  window.manager = globus.authorization.create({
    client: ${JSON.stringify(client.id)}, redirect: ${JSON.stringify(client.redirect_uri)},
    scopes: 'openid profile email urn:globus:auth:scope:transfer.api.globus.org:all', useRefreshTokens: true,
    storage: window.localStorage,
  })
  /** What a call answered: the status and the document. */
  window.call = async (work) => {
    const response = await work(globus.transfer, { manager })
    return { status: response.status, body: await response.json() }
  }
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

interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** Runs a call in the page: an expression over the services `t` and the options `o` that carry the manager. */
async function call(expression: string): Promise<Answer> {
  // What `call` of the page gives.
  const answer = (await tab.evaluate(`call((t, o) => ${expression})`)) as Answer
  assert(answer.status < 300, answer)
  return answer
}

function listIn({ body }: Answer): readonly Record<string, unknown>[] {
  assert(Array.isArray(body['DATA']), body)
  // Every list of Transfer holds documents.
  return body['DATA'] as Record<string, unknown>[]
}

const state = { task: '' }

await feature('login', async () => {
  await tab.goto(address.origin)
  await tab.evaluate('void manager.login()')
  await tab.getByRole('button', { name: world.people.maya.name, exact: true }).click()
  await tab.getByRole('button', { name: 'Allow', exact: true }).click()
  await tab.waitForURL((url) => url.origin === address.origin && url.searchParams.has('code'))
  await tab.evaluate('manager.handleCodeRedirect({ shouldReplace: false })')
  assert((await tab.evaluate('manager.authenticated')) === true, 'not authenticated')
})

await feature(
  'endpoint_search',
  async () => {
    const found = listIn(await call(`t.endpointSearch({ query: { filter_fulltext: 'buoys' } }, o)`))
    assert(
      found.some(({ id }) => id === tenThousandBuoys.id),
      found,
    )
  },
  'login',
)

await feature(
  'operation_ls',
  async () => {
    const query = JSON.stringify({ path: '/many/', limit: 300 })
    const files = listIn(await call(`t.fileOperations.ls('${oddNames.id}', { query: ${query} }, o)`))
    assert(files.length === 250, files.length)
  },
  'login',
)

await feature(
  'submit_transfer',
  async () => {
    const { body } = await call('t.taskSubmission.submissionId({}, o)')
    const payload = JSON.stringify({
      submission_id: body['value'],
      source_endpoint: oddNames.id,
      destination_endpoint: tenThousandBuoys.id,
      DATA: [{ DATA_TYPE: 'transfer_item', source_path: '/many/', destination_path: '/from-chromium/' }],
    })
    const sent = await call(`t.taskSubmission.submitTransfer({ payload: ${payload} }, o)`)
    state.task = String(sent.body['task_id'])
    assert(sent.body['code'] === 'Accepted', sent)
  },
  'login',
)

await feature(
  'get_task',
  async () => {
    let status: unknown = 'ACTIVE'
    for (let tries = 0; tries < 240 && status === 'ACTIVE'; tries += 1) {
      status = (await call(`t.task.get('${state.task}', {}, o)`)).body['status']
      await tab.waitForTimeout(250)
    }
    assert(status === 'SUCCEEDED', status)
    const digest = (...path: string[]): string =>
      createHash('sha256')
        .update(readFileSync(join(...path)))
        .digest('hex')
    for (let index = 0; index < 250; index += 1) {
      const [from, to] = [
        join(oddNames.root, 'many', `${index}.txt`),
        join(tenThousandBuoys.root, 'from-chromium', `${index}.txt`),
      ]
      assert(digest(from) === digest(to), `${to} differs`)
    }
  },
  'submit_transfer',
)

await browser.close()
server.close()
