// @globus/sdk's services for Transfer in Node, found by GLOBUS_SDK_SERVICE_URL_TRANSFER.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { transfer } from '@globus/sdk'
import { assert, feature, json, transferToken, world } from './support.ts'

const { tidalSurveyArchive: archive, campusClusterScratch: scratch } = world.collections
const token = await transferToken([archive.id, scratch.id])
// One header for each call: a header for all would give everybody's requests to one person.
const headers = { Authorization: `Bearer ${token}` }
const digest = (...path: string[]): string =>
  createHash('sha256')
    .update(readFileSync(join(...path)))
    .digest('hex')
const listOf = async (response: Promise<Response>): Promise<readonly Record<string, unknown>[]> => {
  const { DATA } = await json(await response)
  assert(Array.isArray(DATA), DATA)
  // Every list of Transfer holds documents.
  return DATA as Record<string, unknown>[]
}
const namesOf = async (response: Promise<Response>): Promise<string[]> =>
  (await listOf(response)).map(({ name }) => String(name)).toSorted()

await feature('endpoint_search', async () => {
  const found = await listOf(transfer.endpointSearch({ query: { filter_fulltext: 'tide' }, headers }))
  assert(
    found.some(({ id }) => id === archive.id),
    found,
  )
})

await feature('get_endpoint', async () => {
  const document = await json(await transfer.endpoint.get(archive.id, { headers }))
  assert(document.entity_type === 'GCSv5_mapped_collection', document)
})

await feature('operation_ls', async () => {
  const names = await namesOf(transfer.fileOperations.ls(archive.id, { query: { path: '/survey/' }, headers }))
  assert(names.join() === 'a.csv,b.csv,deep,photo.bin', names)
})

await feature('operation_stat', async () => {
  const query = { path: '/survey/a.csv' }
  assert((await json(await transfer.fileOperations.stat(archive.id, { query, headers }))).size === 11, 'another size')
})

await feature('operation_mkdir', async () => {
  const made = await transfer.fileOperations.mkdir(archive.id, { payload: { path: '/made-by-js' }, headers })
  assert(made.status === 202, String(made.status))
  const again = await transfer.fileOperations.mkdir(archive.id, { payload: { path: '/made-by-js' }, headers })
  const refused = await again.text()
  assert(again.status === 502 && refused.includes('ExternalError.MkdirFailed.Exists'), refused)
})

await feature(
  'operation_rename',
  async () => {
    const payload = { old_path: '/made-by-js', new_path: '/renamed-by-js' }
    const renamed = await json(await transfer.fileOperations.rename(archive.id, { payload, headers }))
    assert(renamed.code === 'FileRenamed', renamed)
  },
  'operation_mkdir',
)

const state = { task: '' }

async function ended(task: string): Promise<Readonly<Record<string, unknown>>> {
  for (let tries = 0; tries < 240; tries += 1) {
    const document = await json(await transfer.task.get(task, { headers }))
    if (document.status !== 'ACTIVE') return document
    await delay(250)
  }
  throw new Error('the task did not end')
}

const submissionId = async (): Promise<string> =>
  String((await json(await transfer.taskSubmission.submissionId({ headers }))).value)

await feature('submit_transfer', async () => {
  const payload = {
    submission_id: await submissionId(),
    source_endpoint: archive.id,
    destination_endpoint: scratch.id,
    verify_checksum: true,
    DATA: [
      { DATA_TYPE: 'transfer_item' as const, source_path: '/survey/', destination_path: '/from-js/', recursive: true },
    ],
  }
  const submit = async (): Promise<Readonly<Record<string, unknown>>> => {
    const answer = await transfer.taskSubmission.submitTransfer({ payload, headers })
    assert(answer.ok, String(answer.status))
    // The documented answer; its keys are compared below.
    return JSON.parse(await answer.text()) as Record<string, unknown>
  }
  const [first, again] = [await submit(), await submit()]
  assert(first.code === 'Accepted' && again.code === 'Duplicate' && again.task_id === first.task_id, [first, again])
  state.task = String(first.task_id)
  const task = await ended(state.task)
  assert(task.status === 'SUCCEEDED' && task.files_transferred === 4, task)
  for (const name of ['a.csv', 'b.csv', 'photo.bin', 'deep/er/c.txt'])
    assert(digest(archive.root, 'survey', name) === digest(scratch.root, 'from-js', name), `${name} differs`)
})

await feature(
  'task_list',
  async () => {
    const tasks = await listOf(transfer.task.getAll({ query: { filter: 'status:SUCCEEDED' }, headers }))
    assert(
      tasks.some(({ task_id }) => task_id === state.task),
      tasks,
    )
  },
  'submit_transfer',
)

await feature(
  'task_event_list',
  async () => {
    const events = await listOf(transfer.task.getEventList(state.task, { headers }))
    assert(events[0]?.code === 'SUCCEEDED' && events.at(-1)?.code === 'STARTED', events)
  },
  'submit_transfer',
)

await feature(
  'task_successful_transfers',
  async () => {
    const files = await listOf(transfer.task.getSuccessfulTransfers(state.task, { headers }))
    assert(files.length === 4, files)
    assert((await listOf(transfer.task.getSkippedErrors(state.task, { headers }))).length === 0, 'skipped errors')
  },
  'submit_transfer',
)

await feature('update_task, cancel_task', async () => {
  const payload = {
    submission_id: await submissionId(),
    source_endpoint: archive.id,
    destination_endpoint: scratch.id,
    DATA: [{ DATA_TYPE: 'transfer_item' as const, source_path: '/none', destination_path: '/none' }],
  }
  const { task_id } = JSON.parse(await (await transfer.taskSubmission.submitTransfer({ payload, headers })).text())
  const task = String(task_id)
  await json(await transfer.task.update(task, { payload: { label: 'waits' }, headers }))
  const paused = await json(await transfer.task.getPauseInfo(task, { headers }))
  assert(Array.isArray(paused.pause_rules), paused)
  const cancelled = await json(await transfer.task.cancel(task, { headers }))
  assert(JSON.stringify(cancelled).includes('Canceled'), cancelled)
  const document = await ended(task)
  assert(document.status === 'FAILED' && document.label === 'waits', document)
  await json(await transfer.task.remove(task, { headers }))
})

await feature(
  'submit_delete',
  async () => {
    const payload = {
      submission_id: await submissionId(),
      endpoint: scratch.id,
      recursive: true,
      DATA: [{ DATA_TYPE: 'delete_item' as const, path: '/from-js/' }],
    }
    const answer = await transfer.taskSubmission.submitDelete({ payload, headers })
    const { task_id } = JSON.parse(await answer.text())
    assert((await ended(String(task_id))).status === 'SUCCEEDED', 'not deleted')
    assert(!(await namesOf(transfer.fileOperations.ls(scratch.id, { headers }))).includes('from-js'), 'still there')
  },
  'submit_transfer',
)

await feature('bookmarks', async () => {
  const payload = { name: 'From JS', endpoint_id: archive.id, path: '/survey/' }
  const created = await transfer.collectionBookmarks.create({ payload, headers })
  const { id: given } = await json(created, 201)
  const id = String(given)
  const list = await listOf(transfer.collectionBookmarks.getAll({ headers }))
  assert(list.length === 1 && list[0]?.id === id, list)
  await json(await transfer.collectionBookmarks.remove(id, { headers }))
})
