import type { EmulatorContext } from '../context.ts'
import { singleParameters, type Parameters } from '../http/body.ts'
import type { AuthorizationRequest } from '../world/authorization-request.ts'
import { isPublic, type Client } from '../world/clients.ts'
import { PageError, RedirectError, requestFailure } from './authorization-error.ts'
import { isRegisteredRedirect } from './redirect-uri.ts'
import { parseScopes, ScopeSyntaxError, type ScopeGraph } from './scope-grammar.ts'
import { OFFLINE_ACCESS, planConsents, unknownScopes } from './scope-tree.ts'

/** An authorization request whose sender and return address are known, so that refusals may go there. */
export interface AddressedRequest {
  readonly client: Client
  readonly redirectUri: string
  readonly state: string | null
  readonly parameters: Parameters
  readonly duplicates: ReadonlySet<string>
}

/**
 * Finds client and redirect address.
 *
 * @throws PageError when either is missing, repeated, unknown or not registered: nothing may be sent there then
 */
export function readAddress(query: URLSearchParams, context: EmulatorContext): AddressedRequest {
  const { parameters, duplicates } = singleParameters(query)
  const repeated = ['client_id', 'redirect_uri'].find((name) => duplicates.has(name))
  if (repeated !== undefined) throw requestFailure(`Duplicate ${repeated} parameter.`)
  const clientId = parameters.get('client_id')
  if (clientId === undefined) throw requestFailure('Missing client_id parameter.')
  const client = context.world.clients.find(clientId)
  if (client === undefined) throw requestFailure('Invalid client_id parameter value.')
  const redirectUri = parameters.get('redirect_uri')
  if (redirectUri === undefined) throw requestFailure('Missing redirect URI.')
  if (!isRegisteredRedirect(redirectUri, client, context)) throw requestFailure('Mismatching redirect URI.')
  const state = duplicates.has('state') ? null : (parameters.get('state') ?? null)
  return { client, redirectUri, state, parameters, duplicates }
}

/**
 * Checks everything else.
 *
 * @throws PageError for unknown scopes
 * @throws RedirectError for every other fault
 */
export function checkRequest(addressed: AddressedRequest, context: EmulatorContext): AuthorizationRequest {
  const { client, redirectUri, state, parameters } = addressed
  refuseDuplicates(addressed)
  checkResponseType(parameters)
  const { scope, offline } = checkScope(parameters, client, context)
  return {
    clientId: client.id,
    redirectUri,
    scope,
    state,
    nonce: parameters.get('nonce') ?? null,
    ...checkPkce(parameters, client, context),
    offline,
    prompt: checkPrompt(parameters),
    ...checkSessionRequirements(parameters, context),
  }
}

function refuseDuplicates({ duplicates }: AddressedRequest): void {
  const [duplicate] = duplicates
  if (duplicate !== undefined) throw new RedirectError('invalid_request', `Duplicate ${duplicate} parameter.`)
}

function checkResponseType(parameters: Parameters): void {
  const responseType = parameters.get('response_type')
  if (responseType === undefined) throw new RedirectError('invalid_request', 'Missing response_type parameter.')
  if (responseType !== 'code') {
    throw new RedirectError('unsupported_response_type', 'The local emulator answers response_type=code only.')
  }
}

function checkScope(
  parameters: Parameters,
  client: Client,
  context: EmulatorContext,
): { scope: string; offline: boolean } {
  const scope = parameters.get('scope') ?? ''
  const graph = parseScopesOrRefuse(scope)
  const unknown = unknownScopes(graph, context.world.scopes)
  if (unknown.length > 0) {
    const list = unknown.map((name) => `'${name}'`).join(', ')
    const sentence = `client_id=${client.id} requested unknown scopes: [${list}]`
    throw new PageError({ title: 'Unknown scope(s)', sentence, code: 'UNKNOWN_SCOPE_ERROR' })
  }
  if (planConsentsOrRefuse(graph, context) === 0) throw new RedirectError('invalid_scope', 'Missing scope parameter.')
  return { scope, offline: parameters.get('access_type') === 'offline' || graph.roots.has(OFFLINE_ACCESS) }
}

function parseScopesOrRefuse(scope: string): ScopeGraph {
  try {
    return parseScopes(scope)
  } catch (error) {
    if (error instanceof ScopeSyntaxError)
      throw new RedirectError('invalid_scope', `Malformed scope parameter: ${error.message}.`)
    throw error
  }
}

function planConsentsOrRefuse(graph: ScopeGraph, context: EmulatorContext): number {
  try {
    return planConsents(graph, context.world.scopes).length
  } catch (error) {
    if (error instanceof ScopeSyntaxError)
      throw new RedirectError('invalid_scope', `Scope parameter with ${error.message}.`)
    throw error
  }
}

type Pkce = Pick<AuthorizationRequest, 'codeChallenge' | 'codeChallengeMethod'>

function checkPkce(parameters: Parameters, client: Client, { behaviour }: EmulatorContext): Pkce {
  const codeChallenge = parameters.get('code_challenge')
  if (codeChallenge === undefined) {
    if (isPublic(client) || behaviour.pkceRequired)
      throw new RedirectError('invalid_request', 'Code challenge required.')
    return { codeChallenge: null, codeChallengeMethod: null }
  }
  // A challenge without a method is plain (RFC 7636 section 4.3).
  const method = parameters.get('code_challenge_method') ?? 'plain'
  if (method !== 'S256' && !(method === 'plain' && behaviour.pkcePlain)) {
    throw new RedirectError('invalid_request', 'Transform algorithm not supported.')
  }
  if (!/^[A-Za-z0-9._~-]{43,128}$/.test(codeChallenge))
    throw new RedirectError('invalid_request', 'Invalid code challenge.')
  return { codeChallenge, codeChallengeMethod: method }
}

function checkPrompt(parameters: Parameters): AuthorizationRequest['prompt'] {
  const prompt = list(parameters.get('prompt'), ' ').map((value) => {
    if (value === 'login' || value === 'consent' || value === 'none') return value
    throw new RedirectError('invalid_request', 'Unknown prompt value.')
  })
  if (prompt.includes('none') && prompt.length > 1)
    throw new RedirectError('invalid_request', 'prompt=none with another value.')
  return prompt
}

type SessionRequirements = Pick<
  AuthorizationRequest,
  'sessionMessage' | 'requiredIdentities' | 'requiredDomains' | 'requiredPolicies' | 'requiredMfa'
>

function checkSessionRequirements(parameters: Parameters, { world }: EmulatorContext): SessionRequirements {
  const requiredPolicies = list(parameters.get('session_required_policies'), ',')
  const unknown = requiredPolicies.find((id) => world.policies.find(id) === undefined)
  if (unknown !== undefined) throw new RedirectError('invalid_request', 'Unknown policy in session_required_policies.')
  return {
    sessionMessage: parameters.get('session_message') ?? null,
    requiredIdentities: list(parameters.get('session_required_identities'), ','),
    requiredDomains: list(parameters.get('session_required_single_domain'), ','),
    requiredPolicies,
    // Python sends True, JavaScript true. It says how the required identities or domain log in; alone it means nothing.
    requiredMfa: parameters.get('session_required_mfa')?.toLowerCase() === 'true',
  }
}

const list = (value: string | undefined, separator: string): string[] =>
  (value ?? '')
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '')
