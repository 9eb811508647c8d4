import type { EmulatorContext } from '../context.ts'
import type { AuthorizationRequest } from '../world/authorization-request.ts'
import type { Code } from '../world/codes.ts'
import type { Token } from '../world/tokens.ts'
import type { Recorder } from './recorder.ts'
import type { RequestRecord } from './record.ts'

/** Whom a request was about, as far as request and world tell. */
export interface Subject {
  readonly client: string | undefined
  readonly identity: string | undefined
  readonly scopes: readonly string[]
  readonly token: Token | undefined
  readonly code: Code | undefined
  readonly authSession: string | undefined
  /** The parameters of the login it belongs to, without secrets. */
  readonly login: ReadonlyMap<string, string>
}

/** Looks up whom a request was about: by the client's own name, the code or token it showed, the login it belongs to. */
export function subjectOf(record: RequestRecord, recorder: Recorder, { world }: EmulatorContext): Subject {
  const { credential } = record
  const code = credential?.kind === 'code' ? world.codes.findByFingerprint(credential.fingerprint) : undefined
  const token =
    credential === undefined || credential.kind === 'code'
      ? undefined
      : world.tokens.findByFingerprint(credential.fingerprint)
  const beginning = record.path === '/v2/oauth2/authorize' ? record : recorder.beginningOf(record)
  const login = code === undefined ? parametersOf(beginning) : loginOf(code.request)
  const own = parametersOf(record)
  const scope = token?.scope ?? own.get('scope') ?? login.get('scope') ?? ''
  return {
    client: record.client ?? token?.client ?? code?.client ?? beginning?.client,
    identity: token?.identity ?? code?.identity ?? record.identity,
    scopes: scope.split(' ').filter((part) => part !== ''),
    token,
    code,
    authSession: token?.authSession ?? code?.authSession ?? undefined,
    login,
  }
}

const parametersOf = (record: RequestRecord | undefined): ReadonlyMap<string, string> =>
  new Map(record?.parameters.map(({ name, value }) => [name, value]))

const loginOf = (request: AuthorizationRequest): ReadonlyMap<string, string> =>
  new Map([
    ['client_id', request.clientId],
    ['redirect_uri', request.redirectUri],
    ['scope', request.scope],
    ...(request.offline ? [['access_type', 'offline'] as const] : []),
  ])
