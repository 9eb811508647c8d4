import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isAuthorizationRequirementsError, isGlobusServiceError } from '../../src/errors.ts'
import { requirementsIn, transferClient } from '../../src/globus.ts'
import { findAuthorizationRequirements } from '../../src/lib/globus/authorization-requirements.ts'
import { otherUuid, refusal, session, startService, uuid } from './service.ts'

const dataAccess = `urn:globus:auth:scope:transfer.api.globus.org:all[*https://auth.globus.org/scopes/${uuid}/data_access]`
const nothing = {
  requiredScopes: [],
  sessionRequiredIdentities: [],
  sessionRequiredSingleDomain: [],
  sessionRequiredPolicies: [],
  sessionRequiredMfa: false,
  sessionMessage: undefined,
  prompt: undefined,
}
const gridFtp = (json: string) =>
  [
    'Command Failed: Error (login)',
    'Endpoint: Tides',
    'Details: 530-Login incorrect.',
    `530-GridFTP-JSON-Result: ${json}`,
    '530 End.',
  ].join('\r\n')

const shapes: readonly (readonly [name: string, document: unknown, asked: object])[] = [
  [
    'canonical',
    {
      code: 'AuthorizationRequired',
      authorization_parameters: {
        session_message: 'Use your hospital account',
        session_required_identities: [uuid, 'ingrid@fjord.example'],
        session_required_single_domain: ['fjord.example', 'univ.example'],
        session_required_policies: [uuid, otherUuid],
        session_required_mfa: true,
        required_scopes: [dataAccess],
        prompt: 'login',
      },
    },
    {
      requiredScopes: [dataAccess],
      sessionRequiredIdentities: [uuid, 'ingrid@fjord.example'],
      sessionRequiredSingleDomain: ['fjord.example', 'univ.example'],
      sessionRequiredPolicies: [uuid, otherUuid],
      sessionRequiredMfa: true,
      sessionMessage: 'Use your hospital account',
      prompt: 'login',
    },
  ],
  [
    'without a code, lists as texts with commas',
    {
      authorization_parameters: {
        session_required_policies: `${uuid},${otherUuid}`,
        session_required_single_domain: 'a.example, b.example',
      },
    },
    { sessionRequiredPolicies: [uuid, otherUuid], sessionRequiredSingleDomain: ['a.example', 'b.example'] },
  ],
  [
    'consent of Transfer',
    {
      code: 'ConsentRequired',
      message: 'Missing required data_access consent',
      request_id: 'Zk81bTnQe',
      required_scopes: [dataAccess],
    },
    { requiredScopes: [dataAccess], sessionMessage: 'Missing required data_access consent' },
  ],
  [
    'consent of an older action provider',
    { code: 'FORBIDDEN', required_scope: dataAccess, description: 'Consent is missing' },
    { requiredScopes: [dataAccess], sessionMessage: 'Consent is missing' },
  ],
  [
    'dependent consent of Auth',
    {
      error: 'dependent_consent_required',
      errors: [{ code: 'DEPENDENT_CONSENT_REQUIRED', unapproved_scopes: [dataAccess] }],
    },
    { requiredScopes: [dataAccess] },
  ],
  [
    'consent of Transfer as it is today, in two forms',
    {
      code: 'ConsentRequired',
      message: 'Missing required data_access consent',
      required_scopes: [dataAccess],
      authorization_parameters: { session_message: 'Missing', required_scopes: [dataAccess] },
    },
    { requiredScopes: [dataAccess], sessionMessage: 'Missing' },
  ],
  [
    'inside errors',
    { errors: [{ code: 'X' }, { authorization_parameters: { session_required_mfa: true } }] },
    { sessionRequiredMfa: true },
  ],
  [
    'inside a run of Flows',
    {
      run_id: uuid,
      status: 'INACTIVE',
      details: { code: 'ConsentRequired', description: 'Consent', required_scope: dataAccess },
    },
    { requiredScopes: [dataAccess], sessionMessage: 'Consent' },
  ],
  [
    'inside a timer',
    {
      job_id: uuid,
      inactive_reason: {
        cause: 'globus_auth_requirements',
        detail: { code: 'ConsentRequired', authorization_parameters: { required_scopes: [dataAccess] } },
      },
    },
    { requiredScopes: [dataAccess] },
  ],
  [
    'inside the reply of a storage server',
    {
      code: 'ExternalError.DirListingFailed.LoginFailed',
      message: gridFtp(
        JSON.stringify({
          code: 'permission_denied',
          authorization_parameters: { session_required_single_domain: ['fjord.example'] },
        }),
      ),
    },
    { sessionRequiredSingleDomain: ['fjord.example'] },
  ],
  ['as text of an event', { details: gridFtp('{"authorization_parameters":{"prompt":"login"}}') }, { prompt: 'login' }],
  ['mfa as text', { authorization_parameters: { session_required_mfa: 'True' } }, { sessionRequiredMfa: true }],
  ['two scopes in one text', { required_scope: `openid ${dataAccess}` }, { requiredScopes: ['openid', dataAccess] }],
  [
    'of an older manager of Connect Server that wants a fresh login',
    {
      code: 'permission_denied',
      message: 'You must reauthenticate one of your identities',
      detail: {
        DATA_TYPE: 'authentication_timeout#1.1.0',
        high_assurance: true,
        identities: [uuid, otherUuid],
        require_mfa: true,
      },
    },
    {
      sessionRequiredIdentities: [uuid],
      sessionRequiredMfa: true,
      sessionMessage: 'You must reauthenticate one of your identities',
      prompt: 'login',
    },
  ],
  [
    'of an older manager of Connect Server that lets only some domains in',
    {
      code: 'permission_denied',
      message: 'None of your identities are from domains allowed',
      detail: { DATA_TYPE: 'not_from_allowed_domain#1.0.0', allowed_domains: ['hospital.example'] },
    },
    {
      sessionRequiredSingleDomain: ['hospital.example'],
      sessionMessage: 'None of your identities are from domains allowed',
    },
  ],
]

const silent: readonly (readonly [name: string, document: unknown])[] = [
  ['nothing', undefined],
  ['an error without requirements', { code: 'PermissionDenied', message: 'No' }],
  ['empty requirements', { authorization_parameters: {} }],
  ['requirements that are a text', { authorization_parameters: 'login' }],
  ['requirements that are null', { authorization_parameters: null }],
  [
    'only what is not known',
    { authorization_parameters: { redirect_uri: 'https://evil.example', client_id: uuid, state: 'x' } },
  ],
  ['a URL for a policy', { authorization_parameters: { session_required_policies: ['https://evil.example'] } }],
  [
    'a URL for an identity',
    { authorization_parameters: { session_required_identities: ['https://evil.example/a@b'] } },
  ],
  ['a URL for a domain', { authorization_parameters: { session_required_single_domain: ['https://evil.example'] } }],
  ['a scope with a line break', { required_scopes: ['openid\r\nSet-Cookie: a=b'] }],
  ['a scope that closes what it did not open', { required_scopes: ['a]'] }],
  ['a scope that is too long', { required_scopes: ['a'.repeat(5000)] }],
  ['no second factor', { authorization_parameters: { session_required_mfa: false } }],
  ['another prompt', { authorization_parameters: { prompt: 'none' } }],
  [
    'hostile types',
    { authorization_parameters: { session_required_mfa: { toString: 1 }, session_required_policies: [{}, [], 1] } },
  ],
]

describe('what a service asks for', () => {
  it.each(shapes)('is read: %s', (_name, document, asked) => {
    expect(findAuthorizationRequirements(document)).toEqual({ ...nothing, ...asked })
  })

  it.each(silent)('is nothing: %s', (_name, document) => {
    expect(findAuthorizationRequirements(document)).toBeUndefined()
  })

  it.each([400, 401, 403, 404, 429, 500, 502, 503])('is one error with status %i, sent once', async (status) => {
    const service = await startService(() => ({ status, body: shapes[5]?.[1] }))
    const error = await refusal(transferClient(session).endpoint.get(uuid))
    expect(isAuthorizationRequirementsError(error)).toBe(true)
    expect(isGlobusServiceError(error)).toBe(false)
    expect(error).toMatchObject({
      code: 'authorization_required',
      status,
      serviceCode: 'ConsentRequired',
      service: 'transfer',
      resourceServer: 'transfer.api.globus.org',
      requiredScopes: [dataAccess],
      message: 'The service transfer asks for a consent.',
    })
    expect(service.received).toHaveLength(1)
  })

  it('is not an error inside a good answer, and is found there', async () => {
    const job = shapes[8]?.[1]
    await startService(() => ({ body: job }))
    const answer = await transferClient(session).endpoint.get(uuid)
    expect(requirementsIn('timers', answer)).toMatchObject({
      code: 'authorization_required',
      requiredScopes: [dataAccess],
      resourceServer: '524230d7-ea86-4a52-8312-86065a9e0417',
    })
    expect(requirementsIn('flows', { status: 'SUCCEEDED' })).toBeUndefined()
  })

  it('is bounded in number and length', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => `scope${index}`)
    const found = findAuthorizationRequirements({
      required_scopes: many,
      authorization_parameters: { required_scopes: many, session_message: 'x'.repeat(100_000) },
    })
    expect(found?.requiredScopes.length).toBeLessThanOrEqual(50)
    expect(found?.sessionMessage).toHaveLength(1000)
  })

  it('is found in no time in a reply that was made to be slow', () => {
    const message = '530-GridFTP-JSON-Result: {'.repeat(40_000)
    const start = performance.now()
    findAuthorizationRequirements({ message, errors: Array.from({ length: 1000 }, () => ({ message })) })
    expect(performance.now() - start).toBeLessThan(1000)
  })
})

describe('whatever a hostile service sends', () => {
  const known =
    'code message errors error detail details required_scopes required_scope unapproved_scopes authorization_parameters ' +
    'session_required_policies session_required_identities session_required_single_domain session_required_mfa ' +
    'session_message prompt inactive_reason toString __proto__ constructor'
  const names = fc.constantFrom(...known.split(' '))
  const leaves = fc.oneof(
    fc.string(),
    fc.constantFrom(
      uuid,
      dataAccess,
      'login',
      'https://evil.example',
      'a b',
      'openid\n',
      gridFtp('{"prompt":"login"}'),
    ),
    fc.boolean(),
    fc.constant(null),
    fc.double(),
  )
  const { document } = fc.letrec((tie) => ({
    document: fc.oneof(
      { maxDepth: 5 },
      leaves,
      fc.array(tie('document'), { maxLength: 4 }),
      fc
        .array(fc.tuple(names, tie('document')), { maxLength: 5 })
        .map((entries): unknown => JSON.parse(JSON.stringify(Object.fromEntries(entries)))),
    ),
  }))

  it('only known fields of their own types and lengths come out of it', () => {
    fc.assert(
      fc.property(document, (given) => {
        const found = findAuthorizationRequirements(given)
        if (found === undefined) return
        expect(Object.keys(found).toSorted()).toEqual(Object.keys(nothing).toSorted())
        for (const scope of found.requiredScopes)
          expect(scope).toMatch(/^[\x21-\x7e](?:[\x20-\x7e]{0,2046}[\x21-\x7e])?$/)
        const others = [
          found.sessionRequiredIdentities,
          found.sessionRequiredPolicies,
          found.sessionRequiredSingleDomain,
        ]
        for (const text of others.flat()) expect(text).toMatch(/^[\w.%+@-]{1,260}$/)
        // oxlint-disable-next-line no-control-regex
        expect(found.sessionMessage ?? 'x').toMatch(/^[^\u0000-\u001f]{1,1000}$/)
        expect([undefined, 'login']).toContain(found.prompt)
        expect(typeof found.sessionRequiredMfa).toBe('boolean')
      }),
      { numRuns: 2000 },
    )
  })
})
