import fc from 'fast-check'
import { request } from '@globus/sdk'
import { describe, expect, it } from 'vitest'
import { flowsClient, groupsClient, searchClient, transferClient, type List } from '../../src/globus.ts'
import { createList, type Fetched } from '../../src/lib/globus/list.ts'
import { settle } from '../support/clock.ts'
import { refusal, session, startService, swiftClock, uuid, type Handler, type Received } from './service.ts'

const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, index) => ({ id: String(from + index) }))

async function idsOf(list: List<unknown>): Promise<unknown[]> {
  const ids: unknown[] = []
  for await (const item of list) ids.push(item)
  return ids
}

async function completeness(list: List<unknown>): Promise<boolean[]> {
  const said: boolean[] = []
  for await (const page of list.pages()) said.push(page.complete)
  return said
}

/** Serves so many items by offset, with the members that Transfer's endpoint search has. */
const byOffset =
  (count: number, change: (document: Record<string, unknown>) => unknown = (document) => document): Handler =>
  ({ query }) => {
    const [offset, limit] = [Number(query.get('offset') ?? 0), Number(query.get('limit') ?? 10)]
    const DATA = numbers(count).slice(offset, offset + limit)
    return { body: change({ DATA, offset, limit, has_next_page: offset + DATA.length < count }) }
  }

/** Serves three pages of two by a cursor. */
const byCursor =
  (items: string, from: string, to: string, end: unknown = null): Handler =>
  ({ query }) => {
    const at = Number(query.get(to) ?? 0)
    return { body: { [items]: numbers(2, at), [from]: at < 4 ? at + 2 : end, has_next_page: at < 4 } }
  }

const sent = (received: readonly Received[], name: string) => received.map(({ query }) => query.get(name))

describe('lists', () => {
  it('send nothing before they are read, and start anew each time', async () => {
    const service = await startService(byOffset(3))
    const list = transferClient(session).endpointSearch({ filter_scope: 'my-endpoints' })
    expect(service.received).toEqual([])
    expect(await idsOf(list)).toEqual(numbers(3))
    expect(await idsOf(list)).toEqual(numbers(3))
    expect(sent(service.received, 'filter_scope')).toEqual(['my-endpoints', 'my-endpoints'])
  })

  it('by offset go on while there is a next page', async () => {
    const service = await startService(byOffset(250))
    expect(await idsOf(transferClient(session).endpointSearch({ filter_scope: 'all' }))).toEqual(numbers(250))
    expect(sent(service.received, 'offset')).toEqual([null, '100', '200'])
    expect(sent(service.received, 'limit')).toEqual(['100', '100', '100'])
  })

  it('by offset begin where the caller says, in pages of the size that the caller says', async () => {
    const service = await startService(byOffset(10))
    const list = transferClient(session).endpointSearch({ limit: 3, offset: 4 })
    expect(await idsOf(list)).toEqual(numbers(6, 4))
    expect(sent(service.received, 'offset')).toEqual(['4', '7'])
  })

  it('by total go on until it is reached', async () => {
    const total = 2500
    await startService(byOffset(total, (document) => ({ ...document, has_next_page: undefined, total: 900 })))
    expect(await completeness(transferClient(session).task.getAll({ limit: 300 }))).toEqual([false, false, true])
  })

  it.each([
    [
      'markers of Transfer',
      () => transferClient(session).task.getSuccessfulTransfers(uuid),
      byCursor('DATA', 'next_marker', 'marker'),
    ],
    ['markers of Flows', () => flowsClient(session).runs.getAll(), byCursor('runs', 'marker', 'marker')],
    ['markers of logs', () => flowsClient(session).runs.getLog(uuid), byCursor('entries', 'marker', 'marker', '')],
    ['last keys', () => otherList('DATA', 'last_key', 'last_key'), byCursor('DATA', 'last_key', 'last_key', 'the-end')],
    [
      'next tokens',
      () => otherList('shared_endpoints', 'next_token', 'next_token'),
      byCursor('shared_endpoints', 'next_token', 'next_token'),
    ],
  ])('by %s go on until there is none', async (_name, list, handler) => {
    const service = await startService(handler)
    expect(await idsOf(list())).toEqual(numbers(6))
    expect(service.received).toHaveLength(3)
    expect((await completeness(list())).at(-1)).toBe(true)
  })

  it('by links take the marker of the link and nothing else of it', async () => {
    const service = await startService(({ query }) => {
      const at = Number(query.get('page[marker]') ?? 0)
      const next = at < 4 ? `https://elsewhere.invalid/steal?page[marker]=${at + 2}&x=1` : null
      return { body: { data: numbers(2, at), links: { next } } }
    })
    expect(await idsOf(transferClient(session).tunnel.getAll())).toEqual(numbers(6))
    expect(new Set(service.received.map(({ path }) => path))).toEqual(new Set(['/v2/tunnels']))
    expect(sent(service.received, 'x')).toEqual([null, null, null])
  })

  it('by offset in a payload send it there', async () => {
    const service = await startService(({ body }) => {
      const { offset = 0, limit = 0 } = JSON.parse(body) as { offset?: number; limit?: number } // what query.post sends
      return { body: { gmeta: numbers(5).slice(offset, offset + limit), has_next_page: offset + limit < 5, offset } }
    })
    expect(await idsOf(searchClient(session).query.post(uuid, { q: 'tide', limit: 2 }))).toEqual(numbers(5))
    expect(service.received.map(({ body }): unknown => JSON.parse(body))).toEqual([
      { q: 'tide', limit: 2 },
      { q: 'tide', limit: 2, offset: 2 },
      { q: 'tide', limit: 2, offset: 4 },
    ])
  })

  it('that are a bare array are one page', async () => {
    await startService(() => ({ body: numbers(3) }))
    expect(await groupsClient(session).groups.getMyGroups().collect()).toEqual({ items: numbers(3), complete: true })
  })

  it('that the service caps say that they are not complete', async () => {
    const service = await startService(byOffset(5000))
    const { items, complete } = await transferClient(session).endpointSearch({ filter_scope: 'all' }).collect()
    expect(complete).toBe(false)
    expect(items).toHaveLength(1000)
    expect(service.received).toHaveLength(10)
  })

  it('are collected up to a number', async () => {
    await startService(byOffset(250))
    const search = transferClient(session).endpointSearch({ filter_scope: 'all' })
    expect(await search.collect(120)).toEqual({ items: numbers(120), complete: false })
    expect(await search.collect(250)).toEqual({ items: numbers(250), complete: true })
    expect(await search.collect(0)).toEqual({ items: [], complete: false })
  })
})

describe('a list that lies', () => {
  it('about a next page ends at the first empty one, and is not complete', async () => {
    const service = await startService(byOffset(150, (document) => ({ ...document, has_next_page: true })))
    expect(await completeness(transferClient(session).endpointSearch())).toEqual([false, false, false])
    expect(service.received).toHaveLength(3)
  })

  it('about its total ends too', async () => {
    const service = await startService(
      byOffset(150, (document) => ({ ...document, has_next_page: undefined, total: 1e9 })),
    )
    expect((await transferClient(session).task.getAll({ limit: 100 }).collect()).complete).toBe(false)
    expect(service.received).toHaveLength(3)
  })

  it('by giving the same place again is an error, not an endless loop', async () => {
    await startService(() => ({ body: { DATA: numbers(2), next_marker: 7 } }))
    const error = await refusal(idsOf(transferClient(session).task.getSuccessfulTransfers(uuid)))
    expect(error).toMatchObject({ code: 'globus_answer_invalid' })
  })

  it.each([{}, { DATA: null }, { DATA: {} }, { DATA: 'x' }, []])('in its shape is an error: %j', async (body) => {
    await startService(() => ({ body }))
    expect(await refusal(idsOf(transferClient(session).endpointSearch()))).toMatchObject({
      code: 'globus_answer_invalid',
    })
  })
})

describe('reading a list', () => {
  it('REL-15 throws where a page cannot be read, after every item before it', async () => {
    const good = byOffset(300)
    await startService((request, response) =>
      request.query.get('offset') === '200' ? { status: 500 } : good(request, response),
    )
    const seen: unknown[] = []
    const read = async () => {
      for await (const item of transferClient(session).endpointSearch()) seen.push(item)
    }
    expect(await refusal(read())).toMatchObject({ code: 'globus_service_error', status: 500 })
    expect(seen).toEqual(numbers(200))
  })

  it('has one page on its way while another is worked on, never more', async () => {
    const service = await startService(byOffset(1000))
    const pages = transferClient(session).endpointSearch().pages()[Symbol.asyncIterator]()
    for (let page = 1; page < 5; page += 1) {
      await pages.next()
      await settle(100)
      expect(service.received).toHaveLength(page + 1)
    }
    await pages.return?.()
  })

  it('stops the page on its way when the loop is left', async () => {
    let closed = (): void => undefined
    const gone = new Promise<void>((resolve) => (closed = resolve))
    const good = byOffset(300)
    await startService((request, response) => {
      if (request.query.get('offset') === null) return good(request, response)
      response.on('close', closed)
      return undefined
    })
    for await (const _item of transferClient(session).endpointSearch()) {
      await settle(50)
      break
    }
    await expect(gone).resolves.toBeUndefined()
  })

  it('is ended by the signal of the caller', async () => {
    await startService(byOffset(300))
    const controller = new AbortController()
    const read = async () => {
      for await (const _item of transferClient(session).endpointSearch({}, { signal: controller.signal }))
        controller.abort(new Error('gone'))
    }
    await expect(read()).rejects.toThrow('gone')
  })

  it('REL-15 repeats a page that failed in passing, without a gap', async () => {
    let asked = 0
    const good = byOffset(250)
    await startService((request, response) => ((asked += 1) % 2 === 1 ? { status: 503 } : good(request, response)))
    expect(await idsOf(transferClient(session, { clock: swiftClock() }).endpointSearch())).toEqual(numbers(250))
  })

  it('gives every item once and in order, whatever the sizes of pages', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(5), { maxLength: 20 }), async (sizes) => {
        let from = 0
        const pages = sizes.map((size) => numbers(size, (from += size) - size))
        const fetchPage = async (index: number): Promise<Fetched<{ id: string }, unknown>> => ({
          items: pages[index] ?? [],
          document: index,
          complete: index >= pages.length - 1,
          next: index < pages.length - 1 ? () => fetchPage(index + 1) : undefined,
        })
        const list = createList(() => fetchPage(0))
        expect(await idsOf(list)).toEqual(pages.flat())
        expect(await list.collect()).toEqual({ items: pages.flat(), complete: true })
      }),
    )
  })
})

function otherList(items: string, from: string, to: string): List<unknown> {
  const service = 'TRANSFER'
  return transferClient(session).list(
    (query, sdk) => request({ service, path: `/v0.10/endpoint/${uuid}/shared_endpoint_list` }, { query }, sdk),
    { items, paging: { by: 'cursor', from, to } },
  )
}
