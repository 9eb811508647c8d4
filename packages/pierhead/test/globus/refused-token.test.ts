import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { collectionClient, transferClient, type TokenSource } from '../../src/globus.ts'
import { refusal, startService, uuid, type Received } from './service.ts'

/** A source that notes what it is told and gives the next of its tokens when one was refused. */
function sourceOf(...tokens: string[]): TokenSource & { readonly refused: (string | undefined)[] } {
  const refused: (string | undefined)[] = []
  return {
    refused,
    accessToken: async (_resourceServer, options) => {
      refused.push(options?.refused)
      if (options?.refused === tokens[0] && tokens.length > 1) tokens.shift()
      return tokens[0] ?? ''
    },
  }
}

const only = (good: string) => (request: Received) =>
  request.headers.authorization === `Bearer ${good}`
    ? { body: { DATA_TYPE: 'task', task_id: uuid, value: uuid } }
    : { status: 401, body: { code: 'AuthenticationFailed', message: 'Token is not active' } }

const sentTokens = (received: readonly Received[]): (string | undefined)[] =>
  received.map(({ headers }) => headers.authorization?.slice('Bearer '.length))

describe('a token that a service refuses', () => {
  it('REL-14 is given back to its source, and the call is made once more with the next one', async () => {
    const service = await startService(only('second'))
    const source = sourceOf('first', 'second')
    expect(await transferClient(source).task.get(uuid)).toMatchObject({ task_id: uuid })
    expect(source.refused).toEqual([undefined, 'first'])
    expect(sentTokens(service.received)).toEqual(['first', 'second'])
  })

  it('is replaced for a POST too, whose body is sent again: a refused call did nothing', async () => {
    const service = await startService(only('second'))
    const label = { label: 'Tide tables' }
    await transferClient(sourceOf('first', 'second')).endpoint.update(uuid, { display_name: label.label })
    const [before, after] = service.received
    expect(service.received).toHaveLength(2)
    expect(after?.body).toBe(before?.body)
    expect(after?.body).toContain(label.label)
  })

  it('ends the call when the one in its place is refused as well, without asking a third time', async () => {
    const service = await startService(only('third'))
    const source = sourceOf('first', 'second', 'third')
    const error = await refusal(transferClient(source).task.get(uuid))
    expect(error).toMatchObject({ code: 'globus_token_refused', status: 401 })
    expect(sentTokens(service.received)).toEqual(['first', 'second'])
  })

  it('ends the call at once when its source has no other', async () => {
    const service = await startService(only('second'))
    const error = await refusal(transferClient(sourceOf('first')).task.get(uuid))
    expect(error).toMatchObject({ code: 'globus_token_refused' })
    expect(service.received).toHaveLength(1)
  })

  it('is not given back when a 401 asks for a consent: another token would not help', async () => {
    await startService(() => ({ status: 401, body: { code: 'ConsentRequired', required_scopes: ['a:b'] } }))
    const source = sourceOf('first', 'second')
    expect(await refusal(transferClient(source).task.get(uuid))).toMatchObject({ code: 'authorization_required' })
    expect(source.refused).toEqual([undefined])
  })

  it('ends the call with what its source throws in place of another token', async () => {
    await startService(only('second'))
    const own = new Error('log in again')
    const source: TokenSource = {
      accessToken: (_resourceServer, options) =>
        options?.refused === undefined ? Promise.resolve('first') : Promise.reject(own),
    }
    await expect(transferClient(source).task.get(uuid)).rejects.toBe(own)
  })

  it('is replaced for files of a collection, but not once a stream was sent', async () => {
    const service = await startService((request) =>
      request.headers.authorization === 'Bearer second' ? { body: 'tides' } : { status: 401, body: 'no' },
    )
    const collection = { id: uuid, https_server: service.origin }
    const file = await collectionClient(sourceOf('first', 'second'), collection).get('/a.csv')
    expect(await text(file.body)).toBe('tides')
    await collectionClient(sourceOf('first', 'second'), collection).put('/a.csv', 'bytes')
    async function* stream(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array([1])
    }
    const error = await refusal(collectionClient(sourceOf('first', 'second'), collection).put('/b.csv', stream()))
    expect(error).toMatchObject({ code: 'globus_token_refused' })
    expect(service.received.map(({ method }) => method)).toEqual(['GET', 'GET', 'PUT', 'PUT', 'PUT'])
  })
})
