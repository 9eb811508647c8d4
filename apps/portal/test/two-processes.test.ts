// Two processes of the portal behind a balancer, which share the store of sessions and nothing else.
import { readConfig } from '../src/config.ts'
import { createPortal, type Portal } from '../src/portal.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { collections, openAllowing, plant, visitAs } from './support/files.ts'
import { origin, startSetting, type Setting } from './support/setting.ts'
import type { Visitor } from './support/visitor.ts'

const { mayasLaptop, tideCrewWorkspace: crew, tidalSurveyArchive: archive } = collections

let setting: Setting
let second: Portal
let maya: Visitor

beforeAll(async () => {
  setting = await startSetting()
  plant(setting, archive, { 'results/tides.csv': 'a,b\n', 'drafts/x.txt': 'x' })
  plant(setting, mayasLaptop, { 'notes/todo.txt': 'x' })
  plant(setting, crew, { 'two.csv': '2' })
  second = createPortal(readConfig(setting.environment), { writeLog: (line) => void setting.log.push(line) })
  maya = await visitAs(setting, 'Maya Okafor')
})
afterAll(async () => {
  await second.close()
  await setting[Symbol.asyncDispose]()
})

const madeOf = (id: string) =>
  setting.emulator.world.collections.all().filter(({ displayName, host }) => host?.id === id && displayName === 'Once')
const acts = (): unknown[] =>
  setting.log.map((line): Record<string, unknown> => JSON.parse(line)).filter(({ event }) => event === 'act')

/** One form, sent to both processes at once, as often as a person can click. */
async function sendToBoth(path: string, fields: Record<string, string>): Promise<Response[]> {
  const body = new URLSearchParams({ csrf_token: csrf(), ...fields }).toString()
  const headers = {
    cookie: await maya.cookies(),
    origin,
    accept: 'text/html',
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': String(body.length),
  }
  const portals = [setting.portal, second, setting.portal, second]
  return Promise.all(
    portals.map(async ({ app }) =>
      app.fetch(new Request(origin + path, { method: 'POST', headers, body, redirect: 'manual' })),
    ),
  )
}
const csrf = (): string => /name="csrf_token" value="([^"]+)"/.exec(maya.page.body)?.[1] ?? ''

describe('clicks that reach two processes at the same instant', { timeout: 60_000 }, () => {
  it.each([
    ['on a server', archive, '/results/', 'gcs-manager'] as const,
    ['on the own computer', mayasLaptop, '/notes/', 'endpoint-search'] as const,
  ])('make one guest collection %s', async (_, id, path, endpoint) => {
    await openAllowing(maya, `/collections/${id}/share?${new URLSearchParams({ path })}`)
    expect(maya.page.text).toContain('Make the guest collection')
    // Both look whether there is one before either has made it.
    setting.emulator.faults.add({ endpoint, fault: { kind: 'delay', milliseconds: 300 }, times: 'always' })
    const before = acts().length
    const fields = { path: encodeURIComponent(path), collection_name: 'Once' }
    const answers = await sendToBoth(`/collections/${id}/share`, fields)
    setting.emulator.faults.clear()
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303, 303])
    const [made, ...others] = madeOf(id)
    expect(others).toEqual([])
    const places = answers.map(({ headers }) => headers.get('location'))
    expect(new Set(places)).toEqual(new Set([`/collections/${made?.id}/sharing?done=made`]))
    expect(acts().slice(before)).toMatchObject([{ act: 'share_folder', outcome: 'done', made: made?.id }])
  })

  it('submit one transfer, and one deletion', async () => {
    await openAllowing(maya, `/collections/${mayasLaptop}/files`)
    await openAllowing(
      maya,
      `/transfers/new?${new URLSearchParams({ source: crew, source_path: '/', name: 'two.csv', destination: mayasLaptop })}`,
    )
    const submission = /name="submission_id" value="([^"]+)"/.exec(maya.page.body)?.[1] ?? ''
    const copy = { source: crew, source_path: '%2F', name: 'two.csv', destination: mayasLaptop }
    const more = { destination_folder: '/in/', submission_id: submission, sync: 'always' }
    const answers = await sendToBoth('/transfers', { ...copy, ...more })
    const places = new Set(answers.map(({ headers }) => headers.get('location')))
    expect([answers.map(({ status }) => status), places.size]).toEqual([[303, 303, 303, 303], 1])
    const [task = ''] = [...places]
    expect(task).toMatch(/^\/transfers\/[0-9a-f-]{36}$/)

    await openAllowing(maya, `/collections/${crew}/files`)
    const form = { csrf_token: csrf(), path: '%2F', name: 'two.csv' }
    await maya.submit(`/collections/${crew}/files/delete?side=left`, form)
    const deletion = /name="submission_id" value="([^"]+)"/.exec(maya.page.body)?.[1] ?? ''
    const sent = await sendToBoth(`/collections/${crew}/files/delete?side=left`, {
      ...form,
      csrf_token: csrf(),
      submission_id: deletion,
    })
    const tasks = sent.map(({ headers }) => new URL(headers.get('location') ?? '', origin).searchParams.get('task'))
    expect([sent.map(({ status }) => status), new Set(tasks).size]).toEqual([[303, 303, 303, 303], 1])
    expect(tasks[0]).toMatch(/^[0-9a-f-]{36}$/)
  })
})
