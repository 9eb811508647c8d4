import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { demo, type RunningEmulator } from '@pierhead/emulator'
import type { LoginSession } from 'pierhead'
import { isAuthorizationRequirementsError, isGlobusServiceError } from 'pierhead'
import { transferClient, type Task, type TransferClient } from 'pierhead/globus'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type App, startApp } from './support/app.ts'
import { logIn, Visitor } from './support/browser-like.ts'
import { TestClock } from './support/clock.ts'
import { startGlobus, transferServer } from './support/emulator.ts'

const { collections } = demo

let globus: RunningEmulator
let app: App

beforeAll(async () => {
  globus = await startGlobus()
  app = await startApp(globus)
})

afterAll(async () => {
  await app.close()
  await globus.close()
})

beforeEach(() => {
  for (const name of ['AUTH', 'TRANSFER']) vi.stubEnv(`GLOBUS_SDK_SERVICE_URL_${name}`, globus.origin)
})

/** The session of somebody who has just logged in, as a handler of the app would have it. */
async function sessionOf(name: string): Promise<LoginSession> {
  const visitor = await logIn(new Visitor(), `${app.origin}/login`, name)
  const cookie = await visitor.cookies(app.origin)
  const visit = await app.login.open({
    method: 'GET',
    target: '/',
    header: (header) => (header === 'cookie' ? cookie : undefined),
  })
  if (!visit.session) throw new Error('Nobody is logged in.')
  return visit.session
}

async function transferOf(name: string): Promise<TransferClient> {
  const clock = new TestClock()
  clock.haste = 20
  return transferClient(await sessionOf(name), { clock, timeout: 600_000 })
}

/** Puts a file where the emulator keeps those of a collection. */
async function plantFile(collection: string, name: string, content: string): Promise<void> {
  const found = globus.world.collections.find(collection)
  if (!found) throw new Error('There is no such collection.')
  const folder = join(globus.transfer.roots.rootOf(found).path, ...found.base.split('/'))
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, name), content)
}

describe('Transfer, for somebody who has logged in', () => {
  it('S1.19 S2.21 S2.22 lists the endpoints of Maya, page after page', async () => {
    const transfer = await transferOf('Maya Okafor')
    const { items, complete } = await transfer.endpointSearch({ filter_scope: 'my-endpoints' }).collect()
    expect(complete).toBe(true)
    expect(items.length).toBeGreaterThan(150)
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length)
    expect(items.map(({ display_name }) => display_name)).toContain('Tidal Survey Archive')
  })

  it('asks for a consent where a collection needs one, in the words of the service', async () => {
    const transfer = await transferOf('Maya Okafor')
    const error = await transfer.fileOperations
      .ls(collections.tidalSurveyArchive)
      .collect()
      .catch((thrown: unknown) => thrown)
    if (!isAuthorizationRequirementsError(error)) throw error
    expect(error).toMatchObject({
      service: 'transfer',
      resourceServer: transferServer,
      status: 403,
      serviceCode: 'ConsentRequired',
    })
    expect(error.requiredScopes.join(' ')).toContain(`${collections.tidalSurveyArchive}/data_access`)
  })

  it('copies a file once, follows it to its end and finds it', async () => {
    const transfer = await transferOf('Maya Okafor')
    await plantFile(collections.tidalSurveyPublic, 'levels.csv', 'hour,level\n0,1.2\n')
    const { items } = await transfer.fileOperations.ls(collections.tidalSurveyPublic, { path: '/' }).collect()
    const file = items.find(({ type }) => type === 'file')
    if (!file) throw new Error('The public collection has no file.')
    await transfer.fileOperations.mkdir(collections.mayasLaptop, { path: '/~/from-the-kit' })
    const submission = {
      source_endpoint: collections.tidalSurveyPublic,
      destination_endpoint: collections.mayasLaptop,
      DATA: [
        {
          DATA_TYPE: 'transfer_item' as const,
          source_path: `/${file.name}`,
          destination_path: `/~/from-the-kit/${file.name}`,
        },
      ],
    }
    const { value } = await transfer.taskSubmission.submissionId()
    const first = await transfer.taskSubmission.submitTransfer({ ...submission, submission_id: value })
    const again = await transfer.taskSubmission.submitTransfer({ ...submission, submission_id: value })
    expect([first.code, again.code]).toEqual(['Accepted', 'Duplicate'])
    expect(again.task_id).toBe(first.task_id)
    const seen: Task[] = []
    const task = await transfer.waitForTask(first.task_id, { onProgress: (state) => seen.push(state) })
    expect(task).toMatchObject({ status: 'SUCCEEDED', files_transferred: 1 })
    expect(seen.at(-1)).toEqual(task)
    const copied = await transfer.fileOperations.ls(collections.mayasLaptop, { path: '/~/from-the-kit/' }).collect()
    expect(copied.items).toMatchObject([{ name: file.name, size: file.size }])
    const done = await transfer.task.getSuccessfulTransfers(first.task_id).collect()
    expect(done.items).toHaveLength(1)
    expect((await transfer.task.getAll().collect()).items.map(({ task_id }) => task_id)).toContain(first.task_id)
    expect((await transfer.task.getEventList(first.task_id).collect()).items.length).toBeGreaterThan(0)
  })

  it('tells what is wrong with a path, an id and a right, without trying again', async () => {
    const transfer = await transferOf('Sam')
    const errors = await Promise.all(
      [
        transfer.fileOperations.ls(collections.tidalSurveyPublic, { path: '/nowhere/' }).collect(),
        transfer.endpoint.get('00000000-0000-4000-8000-000000000000'),
        transfer.fileOperations.mkdir(collections.tidalSurveyPublic, { path: '/mine/' }),
      ].map((call: Promise<unknown>) => call.catch((thrown: unknown) => thrown)),
    )
    for (const error of errors) {
      expect(isGlobusServiceError(error)).toBe(true)
      expect(error).toMatchObject({ service: 'transfer', code: 'globus_service_error' })
    }
    expect(errors[0]).toMatchObject({ status: 404, serviceCode: 'ClientError.NotFound' })
    expect(errors[1]).toMatchObject({ status: 404, serviceCode: 'EndpointNotFound' })
    expect(errors.every((error) => isGlobusServiceError(error) && /^\w{9}$/.test(error.requestId ?? ''))).toBe(true)
  })
})
