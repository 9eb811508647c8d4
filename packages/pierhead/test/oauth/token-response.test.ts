import { inspect } from 'node:util'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isPierheadError, type PierheadError } from '../../src/errors.ts'
import { tokensOf } from '../../src/lib/oauth/refused-tokens-error.ts'
import { exchangeCode, refreshTokens } from '../../src/lib/oauth/token-request.ts'
import { parseTokenResponse } from '../../src/lib/oauth/token-response.ts'
import type { TokenSet } from '../../src/lib/oauth/token-set.ts'
import {
  accessToken,
  json,
  nonce,
  startHostileProvider,
  subject,
  tokenEntry,
  type HostileProvider,
  type Json,
} from './hostile-provider.ts'
import { containing } from '../matchers.ts'

const context = { issuer: 'https://id.example.org', sentAt: 1_790_000_000_999 }
const entry = (change: Json = {}): Json => ({ ...tokenEntry('auth.globus.org', 'AgAuth', 'openid'), ...change })
const other = (change: Json = {}): Json => ({
  ...tokenEntry('transfer.api.globus.org', 'AgTransfer', 'all'),
  refresh_token: 'AgTransferRefresh',
  ...change,
})

function refusal(document: Json): PierheadError {
  try {
    parseTokenResponse(document, context)
  } catch (error) {
    return error as PierheadError // the next assertion of every caller checks its code
  }
  throw new Error('the response was accepted')
}

function attempt(document: Json): { outcome: string; tokens: readonly TokenSet[] } {
  try {
    return { outcome: 'accepted', tokens: parseTokenResponse(document, context).tokens }
  } catch (error) {
    return { outcome: isPierheadError(error) ? error.code : String(error), tokens: tokensOf(error) }
  }
}

describe('SEC-30 REL-20 oddities of a single entry', () => {
  test.each([
    ['token_type in odd case', { token_type: 'bEaReR' }, { expiresAt: 1_790_172_800 }],
    ['no expires_in', { expires_in: undefined }, { expiresAt: undefined }],
    ['expires_in null', { expires_in: null }, { expiresAt: undefined }],
    ['expires_in as text', { expires_in: '3600' }, { expiresAt: 1_790_003_600 }],
    ['expires_in 0', { expires_in: 0 }, { expiresAt: 1_790_000_000 }],
    ['expires_in a fraction', { expires_in: 60.9 }, { expiresAt: 1_790_000_060 }],
    ['expires_in 1e12', { expires_in: 1e12 }, { expiresAt: 1_001_790_000_000 }],
    ['no scope', { scope: undefined }, { scope: '' }],
    ['a wider scope', { scope: 'openid everything' }, { scope: 'openid everything' }],
    ['no resource_server', { resource_server: undefined }, { resourceServer: 'https://id.example.org' }],
    ['no refresh_token', {}, { refreshToken: undefined }],
    ['refresh_token null', { refresh_token: null }, { refreshToken: undefined }],
    ['unknown members', { state: 's', x: [1] }, { accessToken: 'AgAuth' }],
  ])('%s is accepted', (_name, change, expected) => {
    const { tokens } = parseTokenResponse(entry(change), context)
    expect(tokens).toHaveLength(1)
    expect({ refreshToken: undefined, expiresAt: undefined, ...tokens[0] }).toMatchObject(expected)
  })

  test.each([
    ['no token_type', { token_type: undefined }],
    ['token_type MAC', { token_type: 'mac' }],
    ['token_type list', { token_type: ['Bearer'] }],
    ['expires_in negative', { expires_in: -1 }],
    ['expires_in 1e300', { expires_in: 1e300 }],
    ['expires_in junk', { expires_in: 'soon' }],
    ['expires_in list', { expires_in: [3600] }],
    ['scope list', { scope: ['openid'] }],
    ['resource_server number', { resource_server: 7 }],
    ['resource_server empty', { resource_server: '' }],
    ['resource_server with a line break', { resource_server: 'a\nb' }],
    ['refresh_token number', { refresh_token: 7 }],
    ['refresh_token with a line break', { refresh_token: 'a\r\nb' }],
    ['other_tokens object', { other_tokens: {} }],
    ['id_token object', { id_token: {} }],
  ])('%s is refused, and the access token can be revoked', (_name, change) => {
    const error = refusal(entry(change))
    expect(error).toMatchObject({ name: 'RefusedTokensError', code: 'invalid_token_response' })
    expect(tokensOf(error)).toMatchObject([{ accessToken: 'AgAuth' }])
  })

  test.each([
    ['no access_token', { access_token: undefined }],
    ['empty access_token', { access_token: '' }],
    ['access_token list', { access_token: ['a'] }],
    ['access_token with a space', { access_token: 'a b' }],
    ['access_token with a line break', { access_token: 'a\nset-cookie: x' }],
    ['access_token beyond ASCII', { access_token: 'é' }],
    ['endless access_token', { access_token: 'a'.repeat(20_000) }],
  ])('%s is refused with nothing to revoke', (_name, change) => {
    const error = refusal(entry(change))
    expect(error).toMatchObject({ name: 'LoginError', code: 'invalid_token_response' })
    expect(tokensOf(error)).toEqual([])
  })
})

describe('SEC-30 other_tokens', () => {
  test.each([[undefined], [null], [[]]])('%j means there are none', (others) => {
    expect(parseTokenResponse(entry({ other_tokens: others }), context).tokens).toHaveLength(1)
  })

  test.each([
    ['is null', null],
    ['is text', 'AgTransfer'],
    ['has no access_token', other({ access_token: undefined })],
    ['has no resource_server', other({ resource_server: undefined })],
    ['has another token_type', other({ token_type: 'mac' })],
    ['repeats a resource server', other({ resource_server: 'auth.globus.org' })],
  ])('one entry that %s refuses all, and leaves every other token as it is', (_name, broken) => {
    const good = other({ resource_server: 'groups.api.globus.org', access_token: 'AgGroups' })
    const error = refusal(entry({ other_tokens: [broken, good] }))
    expect(error.code).toBe('invalid_token_response')
    const left = tokensOf(error)
    expect(left[0]).toMatchObject({ resourceServer: 'auth.globus.org', accessToken: 'AgAuth' })
    expect(left.at(-1)).toEqual({
      resourceServer: 'groups.api.globus.org',
      accessToken: 'AgGroups',
      refreshToken: 'AgTransferRefresh',
      scope: 'all',
      expiresAt: 1_790_172_800,
    })
  })

  test('more than a hundred entries are refused', () => {
    const many = Array.from({ length: 101 }, (_, index) => other({ resource_server: `rs${index}` }))
    expect(refusal(entry({ other_tokens: many })).message).toContain('more than 100')
  })

  test('any mixture of entries is either complete or refused with what is usable', () => {
    const value = fc.oneof(
      fc.constant(undefined),
      fc.constant(null),
      fc.string(),
      fc.integer(),
      fc.constant([]),
      fc.object(),
    )
    const arbitraryEntry = fc.oneof(
      fc.constant(other()),
      fc.record(
        {
          access_token: value,
          token_type: value,
          resource_server: value,
          expires_in: value,
          scope: value,
          refresh_token: value,
        },
        { requiredKeys: [] },
      ),
      value,
    )
    fc.assert(
      fc.property(fc.array(arbitraryEntry, { maxLength: 5 }), (others) => {
        const document = entry({ other_tokens: others })
        const { tokens, outcome } = attempt(document)
        const complete = outcome === 'accepted' && tokens.length === others.length + 1
        expect(complete || outcome === 'invalid_token_response').toBe(true)
        expect(tokens[0]).toMatchObject({ resourceServer: 'auth.globus.org', accessToken: 'AgAuth', scope: 'openid' })
      }),
    )
  })
})

describe('over HTTP', () => {
  let host: HostileProvider
  beforeEach(async () => {
    host = await startHostileProvider()
  })
  afterEach(() => host.close())
  const exchange = { code: 'the-code', codeVerifier: 'v'.repeat(43), nonce }

  test('a provider that is not Globus: no resource_server, no at_hash, the token is kept under the issuer', async () => {
    host.behave.claims = (claims) => ({ ...claims, at_hash: undefined })
    host.behave.tokenResponse = ({ id_token }) => ({ access_token: 'plain', token_type: 'bearer', id_token })
    const { tokens } = await exchangeCode(host.relyingParty(), { ...exchange, scopes: ['openid', 'email'] })
    expect(tokens).toEqual([{ resourceServer: host.issuer, scope: 'openid email', accessToken: 'plain' }])
  })

  test('a Globus answer without at_hash is refused', async () => {
    host.behave.claims = (claims) => ({ ...claims, at_hash: undefined })
    await expect(exchangeCode(host.relyingParty(), exchange)).rejects.toThrow('it has no at_hash')
  })

  test('an answer without ID token hands over its tokens and asks about the scope', async () => {
    host.behave.tokenResponse = (response) => ({ ...response, id_token: undefined })
    const error: unknown = await exchangeCode(host.relyingParty(), exchange).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'invalid_id_token', message: containing('openid') })
    expect(tokensOf(error)).toHaveLength(2)
  })

  test('tokens of a refused ID token can be revoked but are never printed', async () => {
    host.behave.claims = (claims) => ({ ...claims, nonce: 'wrong' })
    const error = (await exchangeCode(host.relyingParty(), exchange).catch(
      (reason: unknown) => reason,
    )) as PierheadError // checked next
    expect(error).toMatchObject({ name: 'RefusedTokensError', code: 'invalid_id_token' })
    expect(tokensOf(error)).toMatchObject([{ accessToken }, { accessToken: 'AgTransferToken' }])
    const printed = [inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error), String(error), error.stack]
    for (const text of printed) {
      expect(text).not.toContain('AgTransferToken')
      expect(text).not.toContain('AgTransferRefresh')
      expect(text).not.toContain(accessToken)
      expect(text).not.toContain('the-code')
    }
  })

  test('tokens are handed over too when the keys cannot be fetched', async () => {
    host.behave.take.keys = (_request, response) => json(response, {}, 503)
    const error: unknown = await exchangeCode(host.relyingParty(), exchange).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'provider_error' })
    expect(tokensOf(error)).toHaveLength(2)
  })

  test.each([
    ['another resource server', { resource_server: 'transfer.api.globus.org' }],
    ['no resource server', { resource_server: undefined }],
    ['two tokens', { other_tokens: [other()] }],
  ])('a refresh that brings %s is refused, and does not give up the refresh token in use', async (_name, change) => {
    host.behave.tokenResponse = (response) => ({ ...response, ...change })
    const request = { refreshToken: 'AgOldRefresh', resourceServer: 'auth.globus.org', subject }
    const error: unknown = await refreshTokens(host.relyingParty(), request).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'RefusedTokensError', code: 'invalid_token_response' })
    expect(tokensOf(error)[0]).toMatchObject({ accessToken })
    expect(JSON.stringify(tokensOf(error))).not.toContain('AgOldRefresh')
  })

  test('a broken refresh answer does not give up the refresh token in use either', async () => {
    host.behave.tokenResponse = (response) => ({ ...response, expires_in: -1 })
    const request = { refreshToken: 'AgOldRefresh', resourceServer: 'auth.globus.org', subject }
    const error: unknown = await refreshTokens(host.relyingParty(), request).catch((reason: unknown) => reason)
    expect(tokensOf(error)).toMatchObject([{ accessToken }])
    expect(JSON.stringify(tokensOf(error))).not.toContain('AgOldRefresh')
  })
})
