import { describe, expect, it } from 'vitest'
import { transfer } from '@globus/sdk'
import * as clients from '../../src/globus.ts'
import {
  authMethods,
  flowsMethods,
  groupsMethods,
  searchMethods,
  timersMethods,
} from '../../src/lib/globus/other-methods.ts'
import { transferMethods } from '../../src/lib/globus/transfer-methods.ts'
import type { Method, Table } from '../../src/lib/globus/method-types.ts'
import { otherUuid, refusal, session, startService, token, uuid } from './service.ts'

const services = {
  transfer: [clients.transferClient(session), transferMethods],
  groups: [clients.groupsClient(session), groupsMethods],
  auth: [clients.authClient(session), authMethods],
  search: [clients.searchClient(session), searchMethods],
  flows: [clients.flowsClient(session), flowsMethods],
  timers: [clients.timersClient(session), timersMethods],
} as const

interface Row {
  readonly name: string
  readonly entry: Method
  readonly method: (...args: unknown[]) => unknown
}

function methodsOf(name: string, client: unknown, table: Table): Row[] {
  return Object.entries(table).flatMap(([key, entry]) => {
    const member: unknown = Reflect.get(Object(client), key)
    const path = `${name}.${key}`
    if (!('takes' in entry)) return methodsOf(path, member, entry)
    // Tables hold methods and tables; the first have `takes`, and a client has a function for each.
    return [{ name: path, entry: entry as Method, method: member as Row['method'] }]
  })
}

const rows = Object.entries(services).flatMap(([name, [client, table]]) => methodsOf(name, client, table))

/** Two ids as every method with several names them. */
const ids = {
  endpoint_xid: uuid,
  endpoint_id: uuid,
  collection_id: uuid,
  index_id: uuid,
  id: otherUuid,
  role_id: otherUuid,
}

describe('every method of every client', () => {
  it('sends what the SDK sends for it, with the arguments in their places', async () => {
    const service = await startService(() => ({ body: {} }))
    const lines: string[] = []
    for (const { name, entry, method } of rows) {
      const [first = '', second] = entry.takes.split(' ')
      const given = (second ?? first) === 'payload' ? { mark: 'p' } : { mark: 'q' }
      const args = [
        ...(first === 'id' ? [uuid] : first === 'ids' ? [ids] : []),
        ...(/query|payload/.test(entry.takes) ? [given] : []),
      ]
      const result = method(...args)
      await Promise.resolve(entry.lists === undefined ? result : readFirst(result)).catch(() => undefined)
      const request = service.received.at(-1)
      const path = request?.path.replaceAll(uuid, 'ID').replaceAll(otherUuid, 'ID2')
      const query = request?.query.get('mark') === 'q' ? ' ?mark' : ''
      const body = request?.body.includes('"mark":"p"') ? ' {mark}' : ''
      const whose = request?.headers.authorization?.replace(`Bearer ${token}.`, '').replace(uuid, 'ID')
      lines.push(`${name}: ${request?.method} ${path}${query}${body} (${whose})`)
    }
    expect(service.received).toHaveLength(rows.length)
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('methods.txt')
  })

  it.each(rows.filter(({ entry }) => entry.takes.startsWith('id')))(
    '$name refuses ids that are none',
    async ({ entry, method }) => {
      const service = await startService(() => ({ body: {} }))
      for (const bad of ['..', `${uuid}/..`, '', undefined, null, 7, {}, [uuid]]) {
        const id = entry.takes.startsWith('ids') ? { ...ids, id: bad, role_id: bad } : bad
        expect(() => method(id, {})).toThrow(TypeError)
      }
      expect(service.received).toEqual([])
    },
  )
})

describe('other calls', () => {
  it('reach what has no method, with token, errors and types', async () => {
    const service = await startService(() => ({ body: { task_id: uuid } }))
    const client = clients.transferClient(session)
    const task = await client.call((sdk) => transfer.endpointManager.task.get(uuid, {}, sdk))
    expect(task.task_id).toBe(uuid)
    expect(service.received[0]).toMatchObject({ path: `/v0.10/endpoint_manager/task/${uuid}` })
    service.answer(() => ({ status: 403, body: { code: 'PermissionDenied', message: 'no' } }))
    const error = await refusal(client.call((sdk) => transfer.endpointManager.task.get(uuid, {}, sdk)))
    expect(error).toMatchObject({ code: 'globus_service_error', serviceCode: 'PermissionDenied' })
  })

  it('that forget the options, or make two calls, are told so', async () => {
    const service = await startService(() => ({ body: {} }))
    const client = clients.transferClient(session)
    const answer = async () => new Response('{}')
    await expect(client.call(answer)).rejects.toThrow('The SDK was not called with the options')
    const twice = client.call(async (sdk) => {
      await transfer.task.get(uuid, {}, sdk)
      return transfer.task.get(uuid, {}, sdk)
    })
    await expect(twice).rejects.toThrow('One call of the SDK at a time')
    expect(service.received).toHaveLength(1)
  })

  it('may use the token of another resource server', async () => {
    const service = await startService(() => ({ body: {} }))
    await clients.transferClient(session).call((sdk) => transfer.task.get(uuid, {}, sdk), { resourceServer: 'other' })
    expect(service.received[0]?.headers.authorization).toBe(`Bearer ${token}.other`)
  })

  it('of everybody need no session at Search', async () => {
    const service = await startService(() => ({ body: { gmeta: [], has_next_page: false } }))
    await clients.searchClient().query.get(uuid, { q: 'tide' }).collect()
    expect(service.received[0]?.headers.authorization).toBeUndefined()
  })
})

async function readFirst(list: unknown): Promise<unknown> {
  // Lists are what methods with `lists` give.
  return (list as clients.List<unknown>).pages()[Symbol.asyncIterator]().next()
}
