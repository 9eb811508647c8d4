import type { EndpointName } from '../faults.ts'
import type { Play } from './misbehaviours.ts'

interface Asked {
  readonly endpoint: EndpointName
  readonly play: Play
  readonly run: string
}

const claimScopes = ['profile', 'email', 'phone', 'address']

/** The refusal of a provider that demands more than Globus does; undefined when the client does as it should. */
export function refusalOf(request: Request, { endpoint, play, run }: Asked): Response | undefined {
  const query = new URL(request.url).searchParams
  const authorization = request.headers.get('authorization') ?? ''
  const refuse = (is: boolean, status: number, error: string): Response | undefined =>
    is ? undefined : Response.json({ error }, { status, headers: { 'cache-control': 'no-store' } })
  switch (play.demands) {
    case 'client-secret-basic':
      return endpoint === 'token' ? refuse(/^basic /i.test(authorization), 401, 'invalid_client') : undefined
    case 'claims-scope': {
      const scopes = query.get('scope')?.split(' ') ?? []
      const isRight = claimScopes.some((scope) => scopes.includes(scope))
      return endpoint === 'authorize' ? refuse(isRight, 400, 'invalid_scope') : undefined
    }
    case 'nonce': {
      const isRight = /^[\w.~-]{22,255}$/.test(query.get('nonce') ?? '')
      return endpoint === 'authorize' ? refuse(isRight, 400, 'invalid_request') : undefined
    }
    case 'bearer-header': {
      const isRight = /^bearer /i.test(authorization) && !query.has('access_token')
      return endpoint === 'userinfo' ? refuse(isRight, 401, 'invalid_token') : undefined
    }
    case 'own-jwks-uri':
      return endpoint === 'jwks' ? refuse(query.get('run') === run, 404, 'not_found') : undefined
    default:
      return undefined
  }
}
