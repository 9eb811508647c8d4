import type { ServerResponse } from 'node:http'
import { createServer } from 'node:net'
import { inspect } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { authorizationUrl } from '../../src/lib/oauth/authorization-request.ts'
import { introspectToken } from '../../src/lib/oauth/introspection.ts'
import type { Provider } from '../../src/lib/oauth/provider.ts'
import { revokeToken } from '../../src/lib/oauth/revocation.ts'
import { exchangeCode, refreshTokens } from '../../src/lib/oauth/token-request.ts'
import { fetchUserInfo } from '../../src/lib/oauth/user-info.ts'
import {
  accessToken,
  clientSecret,
  metadataOf,
  nonce,
  raw,
  startHostileProvider,
  subject,
  type Endpoint,
  type HostileProvider,
  type Received,
} from './hostile-provider.ts'
import { containing, matching, without } from '../matchers.ts'

let host: HostileProvider
beforeEach(async () => {
  host = await startHostileProvider()
})
afterEach(() => host.close())

const code = 'the-secret-code'
const codeVerifier = 'v'.repeat(43)
const request = { scopes: ['openid'], state: 's', nonce, codeVerifier, refreshTokens: true }
const refresh = { refreshToken: 'AgOldRefresh', resourceServer: 'auth.globus.org', subject }

/** One call per endpoint. A body that is not understood is an error everywhere but at revocation, where 200 is enough. */
const calls: Record<Endpoint, (party: Provider, signal?: AbortSignal) => Promise<unknown>> = {
  metadata: (party, signal) => authorizationUrl(party, request, signal),
  keys: (party, signal) => exchangeCode(party, { code, codeVerifier, nonce }, signal),
  token: (party, signal) => exchangeCode(party, { code, codeVerifier, nonce }, signal),
  userinfo: (party, signal) => fetchUserInfo(party, accessToken, subject, signal),
  revoke: (party, signal) => revokeToken(party, accessToken, 'access_token', signal),
  introspect: (party, signal) => introspectToken(party, accessToken, [], signal),
}
const endpoints = Object.keys(calls) as Endpoint[] // the record's keys are exactly the endpoints
const readers = endpoints.filter((endpoint) => endpoint !== 'revoke')

const deep = (open: string, close: string, depth: number) => `{"x":${open.repeat(depth)}1${close.repeat(depth)}}`
const bodies: [name: string, body: string | Uint8Array][] = [
  ['empty', ''],
  ['one space', ' '],
  ['one brace', '{'],
  ['cut in a key', '{"access_to'],
  ['cut in a text', '{"access_token":"Ag'],
  ['cut after a colon', '{"access_token":'],
  ['cut after a comma', '{"access_token":"a",'],
  ['trailing comma', '{"access_token":"a",}'],
  ['trailing text', '{"access_token":"a"}x'],
  ['two documents', '{}{}'],
  ['single quotes', "{'access_token':'a'}"],
  ['a comment', '{/* */}'],
  ['a page', '<!doctype html><p>Sign in to the Wi-Fi'],
  ['form encoding', 'access_token=a&token_type=bearer'],
  ['a list', '[]'],
  ['a list of one', '[{"access_token":"a","token_type":"Bearer"}]'],
  ['text', '"text"'],
  ['a number', '1'],
  ['true', 'true'],
  ['null', 'null'],
  ['NaN', 'NaN'],
  ['Infinity', '{"expires_in":Infinity}'],
  ['undefined', '{"x":undefined}'],
  ['a wrong byte', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
  ['overlong UTF-8', Buffer.from([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d])],
  ['half a surrogate in UTF-8', Buffer.from([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d])],
  ['UTF-16', Buffer.from('{"access_token":"a"}', 'utf16le')],
  ['only a byte order mark', '\ufeff'],
  ['two byte order marks', '\ufeff\ufeff{}'],
  ['NUL bytes', '\0\0\0\0'],
  ['NUL after', '{}\0'],
  ['a raw line break in a text', '{"x":"a\nb"}'],
  ['a bad escape', '{"x":"\\x41"}'],
  ['a lists of depth 100 000', deep('[', ']', 100_000)],
  ['objects of depth 100 000', deep('{"x":', '}', 100_000)],
  ['half of depth 500 000', '['.repeat(500_000)],
  ['depth 100', deep('[', ']', 100)],
  ['__proto__', '{"__proto__":{"access_token":"a","sub":"x","active":true,"keys":[]}}'],
  ['__proto__ inside', '{"keys":[],"active":true,"x":{"__proto__":{}}}'],
  ['no member', '{}'],
  ['members of the wrong type', '{"access_token":1,"keys":1,"sub":1,"active":1,"issuer":1}'],
  ['1e999', '{"access_token":1e999,"keys":1e999,"sub":1e999,"active":1e999,"issuer":1e999}'],
  ['other names', '{"accessToken":"a","Keys":[],"SUB":"x","Active":true}'],
  ['null members', '{"access_token":null,"keys":null,"sub":null,"active":null,"issuer":null}'],
]

describe.each(readers)('REL-08 broken bodies of the endpoint %s', (endpoint) => {
  test.each(bodies)('%s', async (_name, body) => {
    host.behave.take[endpoint] = raw(200, 'application/json', body)
    const error: unknown = await calls[endpoint](host.relyingParty()).catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      code: matching(/^(?:provider_error|issuer_mismatch|userinfo_failed|invalid_token_response)$/),
    })
    expect(Reflect.get({}, 'access_token')).toBeUndefined()
    expect(host.calls(endpoint)).toHaveLength(1)
  })

  test.each(['text/html', 'text/plain', 'application/jwt', 'application/jsonp', '', 'application/json-seq'])(
    'a good body of type %j is not read',
    async (type) => {
      const good = await recordGoodBody(endpoint)
      host.behave.take[endpoint] = raw(200, type, good)
      await expect(calls[endpoint](host.relyingParty())).rejects.toMatchObject({
        name: containing('Error'),
      })
    },
  )

  test.each(['application/json; charset=utf-8', 'Application/JSON', 'application/vnd.api+json'])(
    'a good body of type %j is read, also with a byte order mark',
    async (type) => {
      const good = await recordGoodBody(endpoint)
      host.behave.take[endpoint] = raw(200, type, `\ufeff${good}`)
      await expect(calls[endpoint](host.relyingParty())).resolves.toBeDefined()
    },
  )
})

test('revocation needs only the status: its body may be anything', async () => {
  for (const [, body] of bodies) {
    host.behave.take.revoke = raw(200, 'text/html', body)
    expect(await calls.revoke(host.relyingParty())).toBe('revoked')
  }
})

/** 64 MiB of spaces in 64 KiB. */
const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '))

describe.each(endpoints)('REL-09 oversized answers of the endpoint %s', (endpoint) => {
  test('a gzip bomb is cut at 1 MiB', async () => {
    host.behave.take[endpoint] = raw(200, 'application/json', bomb, { 'content-encoding': 'gzip' })
    const before = process.memoryUsage()
    await expect(calls[endpoint](host.relyingParty())).rejects.toMatchObject({ code: 'provider_error' })
    const after = process.memoryUsage()
    expect(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(16 * 1024 * 1024)
  })

  test('endless chunks are cut at 1 MiB and the connection is closed', async () => {
    const closed = Promise.withResolvers<number>()
    host.behave.take[endpoint] = (_request, response) => sendForever(response, closed.resolve)
    await expect(calls[endpoint](host.relyingParty())).rejects.toThrow('more than 1048576 bytes')
    expect(await closed.promise).toBeLessThan(8 * 1024 * 1024)
  })

  test('a megabyte of headers is refused', async () => {
    host.behave.take[endpoint] = (_request, response) => {
      response.socket?.write(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(1024 * 1024)}\r\n\r\n`)
    }
    await expect(calls[endpoint](host.relyingParty())).rejects.toMatchObject({ code: 'provider_error' })
  })
})

test('an answer of exactly 1 MiB is read', async () => {
  const head = `{"sub":"${subject}","x":"`
  const fill = (size: number) => `${head}${'x'.repeat(size - head.length - 2)}"}`
  host.behave.take.userinfo = raw(200, 'application/json', fill(1024 * 1024))
  await expect(calls.userinfo(host.relyingParty())).resolves.toMatchObject({ sub: subject })
  host.behave.take.userinfo = raw(200, 'application/json', fill(1024 * 1024 + 1))
  await expect(calls.userinfo(host.relyingParty())).rejects.toMatchObject({ code: 'provider_error' })
})

/** Ways not to answer; each tells when its connection is gone. */
const silences: [name: string, respond: (response: ServerResponse) => void][] = [
  ['no byte', () => {}],
  ['half a status line', (response) => response.socket?.write('HTTP/1.1 20')],
  ['headers only', (response) => response.socket?.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n')],
  [
    'half a body',
    (response) =>
      void response.writeHead(200, { 'content-type': 'application/json', 'content-length': 99 }).write('{"a'),
  ],
  ['one chunk', (response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{')],
]

describe.each(endpoints)('REL-03 a silent endpoint %s', (endpoint) => {
  test.each(silences)('%s: the caller is freed when its signal fires', async (_name, respond) => {
    const arrived = Promise.withResolvers<void>()
    host.behave.take[endpoint] = (_request: Received, response) => {
      respond(response)
      setImmediate(arrived.resolve)
    }
    const controller = new AbortController()
    const call = calls[endpoint](host.relyingParty(), controller.signal)
    await arrived.promise
    controller.abort(new DOMException('too late', 'TimeoutError'))
    await expect(call).rejects.toMatchObject({ code: 'provider_timeout' })
    expect(host.calls(endpoint)).toHaveLength(1)
  })

  test('a signal that has already fired sends nothing to it', async () => {
    const party = host.relyingParty()
    await party.metadata.current()
    await expect(
      calls[endpoint](endpoint === 'metadata' ? host.relyingParty() : party, AbortSignal.abort()),
    ).rejects.toMatchObject({
      code: 'provider_timeout',
    })
  })
})

test('one caller that gives up does not take the shared fetch from the others', async () => {
  let finish = (): void => {}
  const arrived = Promise.withResolvers<void>()
  host.behave.take.metadata = (_request, response) => {
    finish = () =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(metadataOf(host.issuer)))
    arrived.resolve()
  }
  const party = host.relyingParty()
  const controller = new AbortController()
  const impatient = authorizationUrl(party, request, controller.signal)
  const patient = authorizationUrl(party, request)
  await arrived.promise
  controller.abort()
  await expect(impatient).rejects.toMatchObject({ code: 'provider_timeout' })
  finish()
  await expect(patient).resolves.toBeInstanceOf(URL)
  expect(host.calls('metadata')).toHaveLength(1)
})

describe('REL-01 REL-04 connections that fail', () => {
  test.each(endpoints)('%s: refused', async (endpoint) => {
    const party = host.relyingParty()
    if (endpoint !== 'metadata') await party.metadata.current()
    await host.close()
    await expect(calls[endpoint](party)).rejects.toMatchObject({
      code: 'provider_unreachable',
      message: containing('ECONNREFUSED'),
    })
    host = await startHostileProvider()
  })

  test.each(endpoints)('%s: no such name', async (endpoint) => {
    const party = host.relyingParty({
      fetch: () =>
        Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ENOTFOUND' }) })),
    })
    await expect(calls[endpoint](party)).rejects.toMatchObject({ code: 'provider_unreachable' })
  })

  const answer = (body: string) =>
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`

  test('an answer cut at any byte ends in one clear error and the code is never sent again', async () => {
    const party = host.relyingParty()
    await party.metadata.current()
    const complete = answer(await recordGoodBody('token'))
    const cuts = Array.from({ length: 40 }, (_, index) => Math.floor((index * (complete.length - 1)) / 39))
    for (const cut of cuts) {
      host.received.length = 0
      host.behave.take.token = (_request, response) => response.socket?.end(complete.slice(0, cut))
      const error: unknown = await calls.token(party).catch((reason: unknown) => reason)
      expect(error, `cut at ${cut}`).toMatchObject({
        code: matching(/^provider_(?:unreachable|error)$/),
        message: without(code),
      })
      expect(host.calls('token')).toHaveLength(1)
    }
  })

  test.each([
    ['no HTTP', 'SSH-2.0-OpenSSH\r\n'],
    ['HTTP/0.9', '<html>'],
    ['a bad chunk length', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\na'],
    ['broken gzip', 'HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\nabcd'],
  ])('%s is an error of the provider', async (_name, bytes) => {
    host.behave.take.userinfo = (_request, response) => response.socket?.end(bytes)
    await expect(calls.userinfo(host.relyingParty())).rejects.toMatchObject({ code: 'provider_error' })
  })

  test('an https address that does not speak TLS is not tried without it', async () => {
    const heard: string[] = []
    const plain = createServer((socket) => socket.on('data', (data) => void heard.push(data.toString())).end('not TLS'))
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve))
    const address = plain.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const party = host.relyingParty({ issuer: `https://127.0.0.1:${port}` })
    await expect(calls.metadata(party)).rejects.toMatchObject({ code: 'provider_unreachable' })
    expect(heard.join('')).not.toContain('GET ')
    await new Promise((resolve) => plain.close(resolve))
  })
})

describe('redirects', () => {
  test.each(endpoints)('%s: are not followed', async (endpoint) => {
    for (const status of [301, 302, 303, 307, 308]) {
      host.behave.take[endpoint] = raw(status, 'application/json', '{}', { location: `${host.issuer}/elsewhere` })
      await expect(calls[endpoint](host.relyingParty())).rejects.toMatchObject({
        name: containing('Error'),
      })
    }
    expect(host.received.filter((each) => each.endpoint === 'other')).toEqual([])
  })
})

test('no error of any endpoint shows a secret, with all its causes', async () => {
  const secrets = [code, codeVerifier, accessToken, clientSecret, 'AgOldRefresh', btoa(clientSecret).slice(0, 20)]
  const failures: ((request: Received, response: ServerResponse) => void)[] = [
    raw(400, 'application/json', '{"error":"invalid_grant"}'),
    raw(200, 'application/json', '{'),
    raw(500, 'text/html', 'x'),
    (_request, response) => response.destroy(),
  ]
  for (const endpoint of endpoints) {
    for (const failure of failures) {
      host.behave.take = { [endpoint]: failure }
      const outcomes = await Promise.allSettled([
        calls[endpoint](host.relyingParty()),
        refreshTokens(host.relyingParty(), refresh),
      ])
      for (const outcome of outcomes) {
        if (outcome.status !== 'rejected') continue
        const text = inspect(outcome.reason, { depth: 9, showHidden: true })
        for (const secret of secrets) expect(text).not.toContain(secret)
      }
    }
  }
})

/** What the honest provider answers at this endpoint, as text. */
async function recordGoodBody(endpoint: Endpoint): Promise<string> {
  const bodies: Promise<string>[] = []
  const recording: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    bodies.push(response.clone().text())
    return response
  }
  await calls[endpoint](host.relyingParty({ fetch: recording }))
  const texts = await Promise.all(bodies)
  host.received.length = 0
  return texts[['metadata', 'token', 'keys'].indexOf(endpoint)] ?? texts.at(-1) ?? ''
}

function sendForever(response: ServerResponse, closed: (bytes: number) => void): void {
  let sent = 0
  const chunk = Buffer.alloc(64 * 1024, ' ')
  const more = (): void => {
    do sent += chunk.length
    while (!response.destroyed && response.write(chunk))
  }
  response.writeHead(200, { 'content-type': 'application/json' }).on('drain', more)
  response.on('close', () => closed(sent))
  more()
}
