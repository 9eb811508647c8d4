import { expect, it } from 'vitest'
import { demo } from '../../src/index.ts'
import { callerFor, callerWith, createServices, objectIn, scopes } from './support.ts'

it.each([
  ['/jobs/', scopes.timers, { jobs: [] }],
  ['/jobs', scopes.timers, { jobs: [] }],
  ['/flows', scopes.flows, { flows: [], has_next_page: false, marker: null }],
  ['/runs', scopes.flows, { runs: [], has_next_page: false, marker: null }],
])('%s lists nothing, to somebody with a token for it', async (path, scope, expected) => {
  const emulator = createServices()
  const maya = await callerFor(emulator, demo.people.maya, scope)
  expect(await maya('GET', path)).toMatchObject({ status: 200, body: expected })
  expect((await callerWith(emulator)('GET', path)).status).toBe(401)
  expect((await (await callerFor(emulator, demo.people.maya, scopes.groups))('GET', path)).status).toBe(401)
})

it.each([
  ['POST', '/v2/timer', 'Timers'],
  ['GET', '/jobs/some-job', 'Timers'],
  ['POST', '/jobs/some-job/pause', 'Timers'],
  ['POST', '/flows', 'Flows'],
  ['POST', '/flows/some-flow/run', 'Flows'],
  ['GET', '/runs/some-run/log', 'Flows'],
])('%s %s answers 501 and names %s', async (method, path, service) => {
  const { status, body } = await callerWith(createServices())(method, path, method === 'GET' ? undefined : {})
  expect(status).toBe(501)
  expect(objectIn(body['error'])).toEqual({
    code: 'NOT_IMITATED',
    detail: `The local emulator does not imitate ${service} beyond listing`,
    status: 501,
  })
})
