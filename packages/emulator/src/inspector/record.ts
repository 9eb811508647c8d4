import { formOf } from '../http/body.ts'
import { fingerprint } from '../random.ts'

/** One request as the inspector shows it. Secrets stand here as fingerprints only. */
export interface RequestRecord {
  readonly id: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly method: string
  readonly path: string
  /** 0 when the connection was cut. */
  readonly status: number
  readonly milliseconds: number
  /** Why it was refused, in the words of the log. */
  readonly reason: string | undefined
  /** What was sent, in query and form; what is secret is masked. */
  readonly parameters: readonly Parameter[]
  /** The client that named itself, by HTTP Basic or `client_id`. */
  readonly client: string | undefined
  /** The identity that was chosen on a page. */
  readonly identity: string | undefined
  /** The code or token that was shown. */
  readonly credential: Credential | undefined
  /** The login that was begun, by which its pages belong together. */
  readonly attempt: string | undefined
  /** Where the browser was sent, without its parameters. */
  readonly location: string | undefined
  /** `error` and `error_description` of a redirect to the app. */
  readonly redirectError: { readonly error: string; readonly description: string } | undefined
  /** The JSON of a refusal. */
  readonly document: Readonly<Record<string, unknown>> | undefined
}

export interface Parameter {
  readonly name: string
  readonly value: string
}

/** What a client showed: its kind, and the fingerprint under which the world keeps it. */
export interface Credential {
  readonly kind: 'bearer token' | 'token' | 'refresh token' | 'code'
  readonly fingerprint: string
}

/** What is known beside request and response. */
export interface Answered extends Pick<RequestRecord, 'id' | 'at' | 'path' | 'milliseconds' | 'reason'> {
  readonly response: Response | undefined
}

/** Values that are the same for everybody who asks, or that the person may read. */
const plain = new Set([
  'access_type',
  'all',
  'client',
  'client_id',
  'code_challenge_method',
  'decision',
  'domains',
  'error',
  'error_description',
  'grant_type',
  'ids',
  'identity',
  'account',
  'include',
  'include_consented_scopes',
  'prompt',
  'provision',
  'redirect_name',
  'redirect_uri',
  'request',
  'response_type',
  'scope',
  'session_message',
  'session_required_identities',
  'session_required_mfa',
  'session_required_policies',
  'session_required_single_domain',
  'token_type_hint',
  'usernames',
  'username',
])

const MAXIMUM_VALUE = 4_000
const MAXIMUM_DOCUMENT = 65_536

/** Writes down a request and what became of it. */
export async function recordOf(request: Request, answered: Answered): Promise<RequestRecord> {
  const { response, ...rest } = answered
  const query = new URL(request.url).searchParams
  const form = formOf(request)
  const sent = new Map([...query, ...form])
  const location = response?.headers.get('location') ?? undefined
  return {
    ...rest,
    method: request.method,
    status: response?.status ?? 0,
    parameters: [...query, ...form].map(([name, value]) => ({ name, value: shown(name, value) })),
    client: basicClient(request) ?? sent.get('client_id') ?? sent.get('client'),
    identity: form.get('identity') ?? form.get('account'),
    credential: credentialOf(request, form, location),
    attempt: sent.get('request') ?? attemptIn(location),
    location: location?.replace(/[?#].*$/, ''),
    redirectError: redirectErrorIn(location),
    document: await documentOf(response),
  }
}

/** What is shown instead of a secret: enough to see that two are the same. */
export const masked = (secret: string): string => `‹${fingerprint(secret).slice(0, 8)}›`

const shown = (name: string, value: string): string => (plain.has(name) ? value.slice(0, MAXIMUM_VALUE) : masked(value))

function credentialOf(
  request: Request,
  form: ReadonlyMap<string, string>,
  location: string | undefined,
): Credential | undefined {
  const bearer = /^bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  if (bearer !== undefined) return { kind: 'bearer token', fingerprint: fingerprint(bearer) }
  for (const [name, kind] of [['code', 'code'] as const, ['refresh_token', 'refresh token'] as const]) {
    const value = form.get(name)
    if (value !== undefined) return { kind, fingerprint: fingerprint(value) }
  }
  const token = form.get('token')
  if (token !== undefined) return { kind: 'token', fingerprint: fingerprint(token) }
  const code = parametersOf(location)?.get('code') ?? undefined
  return code === undefined ? undefined : { kind: 'code', fingerprint: fingerprint(code) }
}

function basicClient(request: Request): string | undefined {
  const encoded = /^basic +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  if (encoded === undefined) return undefined
  const [id] = Buffer.from(encoded, 'base64').toString('utf8').split(':', 1)
  return id === '' ? undefined : id?.replaceAll('%2D', '-')
}

const attemptIn = (location: string | undefined): string | undefined =>
  location?.startsWith('/p/') === true ? (parametersOf(location)?.get('request') ?? undefined) : undefined

function redirectErrorIn(location: string | undefined): RequestRecord['redirectError'] {
  const parameters = parametersOf(location)
  const error = parameters?.get('error')
  return parameters === undefined || error === null || error === undefined
    ? undefined
    : { error, description: parameters.get('error_description') ?? '' }
}

const parametersOf = (location: string | undefined): URLSearchParams | undefined =>
  location?.includes('?') === true ? new URLSearchParams(location.slice(location.indexOf('?') + 1)) : undefined

async function documentOf(response: Response | undefined): Promise<RequestRecord['document']> {
  if (response === undefined || response.status < 400) return undefined
  if (response.headers.get('content-type')?.includes('json') !== true) return undefined
  const text = await response.clone().text()
  if (text.length > MAXIMUM_DOCUMENT) return undefined
  try {
    const document: unknown = JSON.parse(text)
    return typeof document === 'object' && document !== null && !Array.isArray(document)
      ? Object.fromEntries(Object.entries(document))
      : undefined
  } catch {
    return undefined
  }
}
