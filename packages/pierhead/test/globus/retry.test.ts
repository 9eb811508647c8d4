import { describe, expect, it } from 'vitest'
import { groupsClient, searchClient, transferClient } from '../../src/globus.ts'
import { readRetryAfter, waitBefore } from '../../src/lib/globus/retry.ts'
import { otherUuid, refusal, session, startService, swiftClock, uuid, type Reply } from './service.ts'

const task = { DATA_TYPE: 'task', task_id: uuid, status: 'ACTIVE' }
const busy: Reply = { status: 503, body: { code: 'ServiceUnavailable', message: 'later' } }

/** Answers like this so many times, then well. */
const after = (count: number, reply: Reply) => {
  let asked = 0
  return () => ((asked += 1) > count ? { body: task } : reply)
}

describe('a call is repeated', () => {
  it.each([429, 502, 503, 504])('after %i, up to five times, with growing waits', async (status) => {
    const clock = swiftClock()
    const service = await startService(after(5, { status, body: '<h1>Bad gateway</h1>' }))
    await expect(transferClient(session, { clock, random: () => 0.5 }).task.get(uuid)).resolves.toEqual(task)
    expect(service.received).toHaveLength(6)
    expect(clock.waits).toEqual([500, 1000, 2000, 4000, 8000])
  })

  it('no more than five times', async () => {
    const clock = swiftClock()
    const service = await startService(() => busy)
    const error = await refusal(transferClient(session, { clock }).task.get(uuid))
    expect(error).toMatchObject({ code: 'globus_service_error', status: 503, serviceCode: 'ServiceUnavailable' })
    expect(service.received).toHaveLength(6)
    expect(Math.max(...clock.waits)).toBeLessThanOrEqual(10_000)
  })

  it('after a connection that broke, before or within the answer', async () => {
    let asked = 0
    const service = await startService((_request, response) => {
      asked += 1
      if (asked > 2) return { body: task }
      if (asked === 2) response.writeHead(200, { 'content-length': '100' }).write('{"DATA')
      setImmediate(() => response.destroy())
      return undefined
    })
    await expect(transferClient(session, { clock: swiftClock() }).task.get(uuid)).resolves.toEqual(task)
    expect(service.received).toHaveLength(3)
  })

  it('with a new token each time', async () => {
    const service = await startService(after(2, busy))
    let given = 0
    await transferClient({ accessToken: async () => `AgToken${(given += 1)}` }, { clock: swiftClock() }).task.get(uuid)
    expect(service.received.map(({ headers }) => headers.authorization)).toEqual(
      ['1', '2', '3'].map((number) => `Bearer AgToken${number}`),
    )
  })

  it('when it is a POST that reads, or one that can be sent twice', async () => {
    const service = await startService(after(1, busy))
    await searchClient(session, { clock: swiftClock() })
      .query.post(uuid, { q: 'tide' })
      .collect()
      .catch(() => undefined)
    expect(service.received).toHaveLength(2)
    service.answer(after(1, busy))
    await transferClient(session, { clock: swiftClock() }).task.cancel(uuid)
    expect(service.received).toHaveLength(4)
  })
})

describe('a call is not repeated', () => {
  it.each(['ExternalError.DirListingFailed.NotDirectory', 'EndpointError', 'ClientError.ExternalError.X'])(
    'after 502 with the code %s: it is an answer about a collection',
    async (code) => {
      const service = await startService(() => ({ status: 502, body: { code, message: 'no' } }))
      const error = await refusal(transferClient(session, { clock: swiftClock() }).task.get(uuid))
      expect(error).toMatchObject({ status: 502, serviceCode: code })
      expect(service.received).toHaveLength(1)
    },
  )

  it.each([400, 401, 403, 404, 409, 500])('after %i', async (status) => {
    const service = await startService(() => ({ status, body: { code: 'X', message: 'no' } }))
    await refusal(transferClient(session, { clock: swiftClock() }).task.get(uuid))
    expect(service.received).toHaveLength(1)
  })

  it('when it is a POST that would act twice', async () => {
    const service = await startService(() => busy)
    const clock = swiftClock()
    await refusal(groupsClient(session, { clock }).groups.create({ name: 'Tide Crew', description: 'x' }))
    await refusal(transferClient(session, { clock }).fileOperations.mkdir(uuid, { path: '/a' }))
    await refusal(transferClient(session, { clock }).access.create(otherUuid, { path: '/a/' }))
    expect(service.received).toHaveLength(3)
  })

  it('when the caller has gone', async () => {
    const controller = new AbortController()
    const service = await startService(() => busy)
    const clock = { ...swiftClock(), wait: async () => controller.abort(new Error('gone')) }
    const call = transferClient(session, { clock }).task.get(uuid, { signal: controller.signal })
    await expect(call).rejects.toThrow('gone')
    expect(service.received).toHaveLength(1)
  })
})

describe('Retry-After', () => {
  const now = Date.UTC(2026, 3, 1, 12)
  it.each([
    ['seconds', '7', 7],
    ['zero', '0', 0],
    ['a date', 'Wed, 01 Apr 2026 12:00:05 GMT', 5],
    ['a date that has passed', 'Wed, 01 Apr 2026 11:00:00 GMT', 0],
    ['a thousand million seconds', '1000000000', 1_000_000_000],
    ['a negative number', '-5', undefined],
    ['a fraction', '1.5', undefined],
    ['junk', 'soon', undefined],
    ['an endless number', '9'.repeat(400), undefined],
    ['nothing', '', undefined],
  ])('REL-05 is read: %s', (_name, text, seconds) => {
    expect(readRetryAfter(new Headers({ 'retry-after': text }), now)).toBe(seconds)
  })

  it('as a date is read by the clock of the service', () => {
    const headers = new Headers({
      'retry-after': 'Wed, 01 Apr 2026 13:00:05 GMT',
      date: 'Wed, 01 Apr 2026 13:00:00 GMT',
    })
    expect(readRetryAfter(headers, now)).toBe(5)
  })

  it('REL-05 is obeyed up to ten seconds; a longer one ends the call and is on the error', async () => {
    const clock = swiftClock()
    const service = await startService(after(1, { ...busy, headers: { 'retry-after': '9' } }))
    await transferClient(session, { clock }).task.get(uuid)
    expect(clock.waits).toEqual([9000])
    service.answer(() => ({ ...busy, headers: { 'retry-after': '3600' } }))
    const error = await refusal(transferClient(session, { clock }).task.get(uuid))
    expect(error).toMatchObject({ status: 503, retryAfter: 3600 })
    expect(service.received).toHaveLength(3)
  })

  it('REL-05 of zero does not make a tight loop', () => {
    for (let retry = 0; retry < 5; retry += 1) {
      expect(waitBefore(retry, 0, () => 0)).toBeGreaterThanOrEqual(250 * 2 ** retry)
      expect(waitBefore(retry, undefined, () => 1)).toBeLessThanOrEqual(10_000)
    }
  })
})
