import { expect, it } from 'vitest'
import { transferClient } from '../../src/globus.ts'
import { otherUuid, refusal, session, startService, swiftClock, uuid } from './service.ts'

const share = { host_endpoint: uuid, host_path: '/notes/', display_name: 'Notes', public: false }

it('a guest collection on Connect Personal is made by Transfer, with one request, and its id is given', async () => {
  const { received } = await startService(() => ({
    status: 201,
    body: { DATA_TYPE: 'endpoint_create_result', id: otherUuid },
  }))
  await expect(transferClient(session).sharedEndpoint.create(share)).resolves.toEqual({ id: otherUuid })
  expect(received.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /v0.10/shared_endpoint'])
  expect(JSON.parse(received[0]?.body ?? '')).toEqual({ DATA_TYPE: 'shared_endpoint', ...share })
  expect(received[0]?.headers['content-type']).toBe('application/json')
})

it('a guest collection on Connect Personal is not made a second time when the answer is lost, and an answer without an id is no success', async () => {
  const { received, answer } = await startService(() => ({ status: 503, body: {} }))
  const { sharedEndpoint } = transferClient(session, { clock: swiftClock() })
  expect(await refusal(sharedEndpoint.create(share))).toMatchObject({ status: 503 })
  expect(received).toHaveLength(1)
  answer(() => ({ status: 201, body: {} }))
  expect(await refusal(sharedEndpoint.create(share))).toMatchObject({ code: 'globus_answer_invalid' })
  await expect(sharedEndpoint.create({ ...share, host_endpoint: '../x' })).rejects.toThrow(
    'host_endpoint must be a UUID.',
  )
})
