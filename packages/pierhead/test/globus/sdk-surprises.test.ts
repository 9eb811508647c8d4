import { describe, expect, it, vi } from 'vitest'
import { transferClient } from '../../src/globus.ts'
import { without } from '../matchers.ts'
import { refusal, session, startService, token, uuid } from './service.ts'

const task = { DATA_TYPE: 'task', task_id: uuid, status: 'ACTIVE' }

describe('what the SDK would do by itself', () => {
  it('a path in the address of a service stays', async () => {
    const service = await startService(() => ({ body: task }))
    vi.stubEnv('GLOBUS_SDK_SERVICE_URL_TRANSFER', `${service.origin}/globus/transfer/`)
    await transferClient(session).task.get(uuid)
    expect(service.received[0]?.path).toBe(`/globus/transfer/v0.10/task/${uuid}`)
  })

  it('a global window does not lead to production', async () => {
    const service = await startService(() => ({ body: task }))
    vi.stubGlobal('window', {})
    await transferClient(session).task.get(uuid)
    expect(service.received).toHaveLength(1)
  })

  it('addresses that a global window has are not used', async () => {
    const service = await startService(() => ({ body: task }))
    vi.stubGlobal('window', { GLOBUS_SDK_SERVICE_URL_TRANSFER: 'https://elsewhere.invalid' })
    await transferClient(session).task.get(uuid)
    expect(service.received).toHaveLength(1)
  })

  it.each(['Authorization', 'authorization', 'AUTHORIZATION'])(
    'a token in GLOBUS_SDK_OPTIONS as %s never goes out in place of the person',
    async (name) => {
      const service = await startService(() => ({ body: task }))
      const headers = { [name]: 'Bearer AgOfSomebodyElse', cookie: 'a=b', 'x-kept': 'yes' }
      vi.stubEnv('GLOBUS_SDK_OPTIONS', JSON.stringify({ fetch: { options: { headers, redirect: 'follow' } } }))
      await transferClient(session).task.get(uuid)
      const [request] = service.received
      expect(request?.headers.authorization).toBe(`Bearer ${token}.transfer.api.globus.org`)
      expect(request?.headers).toMatchObject({ 'x-kept': 'yes' })
      expect(request?.headers.cookie).toBeUndefined()
      expect(request?.rawHeaders.filter((header) => /^authorization$/i.test(header))).toHaveLength(1)
    },
  )

  it('a broken GLOBUS_SDK_OPTIONS is named, its text is not', async () => {
    await startService(() => ({ body: task }))
    vi.stubEnv('GLOBUS_SDK_OPTIONS', '{"fetch": AgOfSomebody')
    const error = await refusal(transferClient(session).task.get(uuid))
    expect(error).toMatchObject({ name: 'TypeError', message: 'GLOBUS_SDK_OPTIONS is no valid JSON.' })
    expect(String(error)).toEqual(without('AgOfSomebody'))
  })

  it.each([
    ['http to another machine', 'http://transfer.example.org'],
    ['a user', 'https://user:secret@127.0.0.1'],
    ['no address', 'transfer.example.org'],
    ['another scheme', 'file:///etc/passwd'],
  ])('an address of a service with %s is refused before a token is asked for', async (_name, address) => {
    vi.stubEnv('GLOBUS_SDK_SERVICE_URL_TRANSFER', address)
    let asked = 0
    const source = { accessToken: async () => `${(asked += 1)}` }
    const error = await refusal(Promise.resolve().then(() => transferClient(source).task.get(uuid)))
    expect(error).toMatchObject({ name: 'TypeError' })
    expect(String(error)).toEqual(without('secret'))
    expect(asked).toBe(0)
  })
})
