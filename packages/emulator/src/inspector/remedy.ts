import { createHash } from 'node:crypto'
import type { EmulatorContext } from '../context.ts'
import { isPublic } from '../world/clients.ts'
import type { Subject } from './subject.ts'

/** What the authorization request must ask for beside what the app asks for anyway. */
export interface Needs {
  readonly scopes?: readonly string[]
  /** `session_required_…`, `session_message`, `prompt`. */
  readonly session?: Readonly<Record<string, string>>
}

/**
 * The address that a person would open to give what was missing: the login the app knows, with the missing scopes and session
 * requirements added. Undefined when it is not known which client to ask for.
 */
export function authorizeAddress(subject: Subject, needs: Needs, context: EmulatorContext): string | undefined {
  const client = subject.client === undefined ? undefined : context.world.clients.find(subject.client)
  if (client === undefined) return undefined
  const asked = subject.login.get('redirect_uri')
  const isAsked = asked !== undefined && client.redirectUris.includes(asked)
  const redirectUri = isAsked ? asked : (client.redirectUris[0] ?? `${context.issuer}/v2/web/auth-code`)
  const scopes = new Set([...knownScopes(subject, context), ...(needs.scopes ?? [])])
  const url = new URL('/v2/oauth2/authorize', context.issuer)
  url.search = new URLSearchParams({
    client_id: client.id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: scopes.size === 0 ? 'openid' : Array.from(scopes).join(' '),
    ...(subject.login.has('access_type') ? { access_type: subject.login.get('access_type') ?? '' } : {}),
    ...(isPublic(client) ? { code_challenge: throwawayChallenge, code_challenge_method: 'S256' } : {}),
    ...needs.session,
  }).toString()
  return url.href
}

/** A request for nothing but the missing scope would shrink the tokens, so what was asked for stays. */
const knownScopes = (subject: Subject, { world }: EmulatorContext): readonly string[] => {
  const login = subject.login.get('scope')
  const scopes = login === undefined ? subject.scopes : splitScopes(login)
  return scopes.filter((scope) => scope.includes('[') || world.scopes.find(scope.replace(/^\*/, '')) !== undefined)
}

/** Splits a list of scopes at the spaces that stand outside of brackets. */
export function splitScopes(list: string): readonly string[] {
  const parts: string[] = []
  let depth = 0
  let part = ''
  for (const character of list) {
    if (character === '[') depth += 1
    if (character === ']') depth -= 1
    if (character === ' ' && depth <= 0) {
      parts.push(part)
      part = ''
    } else part += character
  }
  return [...parts, part].filter((one) => one !== '')
}

// The person's consent is what the address is for; nobody will redeem its code.
const throwawayChallenge = createHash('sha256').update('nobody redeems this code').digest('base64url')
