// @globus/sdk's services for Transfer in Chromium, as a page of another origin calls them with its AuthorizationManager.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openSdkPage } from './sdk-page.ts'
import { assert, feature, world } from './support.ts'

const { oddNames, tenThousandBuoys } = world.collections

/** Gives the page `call`: what a call answered, the status and the document. */
const script = `window.call = async (work) => {
    const response = await work(globus.transfer, { manager })
    return { status: response.status, body: await response.json() }
  }`
const { tab, logIn, close } = await openSdkPage(['AUTH', 'TRANSFER'], script)

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

await feature('login', logIn)

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

await close()
