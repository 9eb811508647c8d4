import { createServer } from 'node:net'
import { inspect } from 'node:util'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, vi } from 'vitest'
import { isGlobusServiceError } from '../../src/errors.ts'
import { transferClient } from '../../src/globus.ts'
import { containing, without } from '../matchers.ts'
import { refusal, session, startService, swiftClock, token, uuid } from './service.ts'

const task = { DATA_TYPE: 'task', task_id: uuid, status: 'ACTIVE' }

describe('one call', () => {
  it('SEC-76 carries the token of the resource server and gives the parsed answer', async () => {
    const service = await startService(() => ({ body: task }))
    await expect(transferClient(session).task.get(uuid)).resolves.toEqual(task)
    expect(service.received).toMatchObject([
      {
        method: 'GET',
        path: `/v0.10/task/${uuid}`,
        headers: { authorization: `Bearer ${token}.transfer.api.globus.org`, accept: 'application/json' },
      },
    ])
  })

  it('SEC-49 keeps the tokens of people who call at the same time apart', async () => {
    const service = await startService(({ headers }) => ({ body: { ...task, label: headers.authorization } }))
    const people = Array.from({ length: 20 }, (_, index) => ({ accessToken: async () => `AgToken${index}` }))
    const tasks = await Promise.all(people.map((person) => transferClient(person).task.get(uuid)))
    expect(tasks.map(({ label }) => label)).toEqual(people.map((_, index) => `Bearer AgToken${index}`))
    expect(service.received).toHaveLength(20)
  })

  it('refuses an id that is no UUID before anything is sent', async () => {
    const service = await startService(() => ({ body: task }))
    for (const id of ['', '..', `${uuid}/cancel`, '../submission_id', `${uuid}?x=1`, ' '])
      expect(() => transferClient(session).task.get(id)).toThrow(TypeError)
    expect(() => transferClient(session).access.remove({ endpoint_xid: '1234', id: uuid })).toThrow(
      'endpoint_xid must be a UUID',
    )
    expect(service.received).toEqual([])
  })

  it('takes any id of a permission that cannot lead elsewhere', async () => {
    const service = await startService(() => ({ body: { code: 'Deleted' } }))
    const { access } = transferClient(session)
    for (const id of ['', '.', '..', '../..', 'a/b', 'a?b', '%2e%2e', 'a'.repeat(65)])
      expect(() => access.remove({ endpoint_xid: uuid, id })).toThrow('id must be 1 to 64')
    await access.remove({ endpoint_xid: uuid, id: '1234' })
    expect(service.received.map(({ path }) => path)).toEqual([`/v0.10/endpoint/${uuid}/access/1234`])
  })

  it('SEC-75 does not follow a redirect, so that no token goes elsewhere', async () => {
    const elsewhere = await startService(() => ({ body: task }))
    const service = await startService(() => ({ status: 302, headers: { location: `${elsewhere.origin}/v0.10/task` } }))
    const error = await refusal(transferClient(session).task.get(uuid))
    expect(error).toMatchObject({ code: 'globus_service_error', status: 302 })
    expect(service.received).toHaveLength(1)
    expect(elsewhere.received).toEqual([])
  })
})

describe('errors', () => {
  it.each([
    ['Transfer', { code: 'EndpointNotFound', message: 'No such endpoint', request_id: 'tQ7dLw2Xk' }],
    ['Groups', { code: 'EndpointNotFound', detail: 'No such endpoint', request_id: 'tQ7dLw2Xk' }],
    ['Flows', { error: { code: 'EndpointNotFound', detail: 'No such endpoint', request_id: 'tQ7dLw2Xk' } }],
    ['Auth', { errors: [{ id: 'tQ7dLw2Xk', code: 'EndpointNotFound', detail: 'No such endpoint' }] }],
  ])('have code, words and request id of the shape of %s', async (_name, body) => {
    await startService(() => ({ status: 404, body }))
    const error = await refusal(transferClient(session).task.get(uuid))
    expect(isGlobusServiceError(error)).toBe(true)
    expect(error).toMatchObject({
      code: 'globus_service_error',
      service: 'transfer',
      status: 404,
      serviceCode: 'EndpointNotFound',
      serviceMessage: 'No such endpoint',
      requestId: 'tQ7dLw2Xk',
      message: 'The service transfer answered 404 EndpointNotFound (request tQ7dLw2Xk): No such endpoint',
    })
  })

  it('never hold the token, even when the service sends it back', async () => {
    const echo = `${token}.transfer.api.globus.org`
    await startService(() => ({
      status: 400,
      body: { code: echo, message: `x ${echo} y`.padStart(999, 'z'), request_id: echo },
    }))
    const error = await refusal(transferClient(session).task.get(uuid))
    expect(inspect(error, { depth: 9, showHidden: true })).toEqual(without(token))
  })

  it('never hold a token that no header can carry', async () => {
    await startService(() => ({ body: task }))
    const error = await refusal(transferClient({ accessToken: async () => `${token}\r\nx: y` }).task.get(uuid))
    expect(inspect(error, { depth: 9 })).toEqual(without(token))
  })

  it('name a 401 as a token that was refused, once', async () => {
    const service = await startService(() => ({
      status: 401,
      body: { code: 'AuthenticationFailed', message: 'Token is not active' },
    }))
    const error = await refusal(transferClient(session).task.get(uuid))
    expect(error).toMatchObject({ code: 'globus_token_refused', status: 401, serviceCode: 'AuthenticationFailed' })
    expect(service.received).toHaveLength(1)
  })

  it('of the token source pass through as they are', async () => {
    await startService(() => ({ body: task }))
    const own = new Error('token source')
    await expect(transferClient({ accessToken: () => Promise.reject(own) }).task.get(uuid)).rejects.toBe(own)
  })

  it.each([
    ['a page', '<!doctype html><p>Sign in to the Wi-Fi'],
    ['a number', '1'],
    ['text', '"x"'],
    ['broken JSON', '{"DATA_TYPE":'],
    ['bytes', Buffer.from([0xff, 0xfe, 0x00])],
  ])('say that %s is no JSON document', async (_name, body) => {
    await startService(() => ({ body }))
    await expect(transferClient(session).task.get(uuid)).rejects.toMatchObject({ code: 'globus_answer_invalid' })
  })

  it('cut an answer that is too large, whether its length is announced or not', async () => {
    const body = JSON.stringify({ label: 'x'.repeat(2_000_000) })
    const service = await startService(() => ({ headers: { 'content-length': String(body.length) }, body }))
    const transfer = transferClient(session, { maximumBytes: 1_000_000 })
    await expect(transfer.task.get(uuid)).rejects.toMatchObject({ code: 'globus_answer_invalid' })
    service.answer(() => ({ headers: { 'transfer-encoding': 'chunked' }, body }))
    await expect(transfer.task.get(uuid)).rejects.toMatchObject({ code: 'globus_answer_invalid' })
  })

  it('cut an answer that is too large, also when it arrives compressed', async () => {
    const big = gzipSync(JSON.stringify({ label: 'x'.repeat(5_000_000) }))
    await startService(() => ({ headers: { 'content-encoding': 'gzip' }, body: big }))
    const transfer = transferClient(session, { maximumBytes: 1_000_000 })
    await expect(transfer.task.get(uuid)).rejects.toMatchObject({
      code: 'globus_answer_invalid',
      message: containing('1000000'),
    })
  })
})

describe('connections', () => {
  it('that fail say where and why, and name a proxy that Node does not use', async () => {
    const port = await closedPort()
    vi.stubEnv('GLOBUS_SDK_SERVICE_URL_TRANSFER', `https://127.0.0.1:${port}`)
    vi.stubEnv('HTTPS_PROXY', 'http://user:secret-of-the-proxy@proxy.invalid:3128')
    vi.stubEnv('NODE_USE_ENV_PROXY', '')
    const clock = swiftClock()
    const error = await refusal(transferClient(session, { clock }).task.get(uuid))
    expect(error).toMatchObject({
      code: 'globus_service_unreachable',
      message: `The service transfer could not be reached at 127.0.0.1:${port} (ECONNREFUSED). HTTPS_PROXY is set, but Node does not use it: start it with NODE_USE_ENV_PROXY=1 (Node 22.21, 24.5 or newer).`,
    })
    expect(inspect(error)).toEqual(without('secret-of-the-proxy'))
    expect(clock.waits).toHaveLength(5)
  })

  it('end at the deadline while the service is silent', async () => {
    const clock = swiftClock()
    await startService(() => {
      setImmediate(clock.expire)
      return undefined
    })
    await expect(transferClient(session, { clock }).task.get(uuid)).rejects.toMatchObject({
      code: 'globus_service_timeout',
    })
  })

  it('end at the deadline while the token source is silent', async () => {
    await startService(() => ({ body: task }))
    const clock = swiftClock()
    const transfer = transferClient({ accessToken: () => new Promise(() => undefined) }, { clock })
    setImmediate(clock.expire)
    await expect(transfer.task.get(uuid)).rejects.toMatchObject({ code: 'globus_service_timeout' })
  })

  it('end when the caller wants it, with the reason of the caller', async () => {
    const controller = new AbortController()
    const reason = new Error('navigated away')
    await startService(() => {
      setImmediate(() => controller.abort(reason))
      return undefined
    })
    await expect(transferClient(session).task.get(uuid, { signal: controller.signal })).rejects.toBe(reason)
  })
})

async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
