import type { Needs } from './remedy.ts'

/** What a refusal demands of the person. */
export interface Requirements {
  readonly scopes: readonly string[]
  readonly session: NonNullable<Needs['session']>
  /** Whether the scopes are for a service that acts in turn, below the scopes of the token that it was sent. */
  readonly dependent: boolean
}

/**
 * Reads what services say when an authorization is missing: Globus Auth Requirements Errors (`authorization_parameters`), Transfer's
 * and old action providers' `required_scopes`, and `unapproved_scopes` of the dependent token grant.
 */
export function requirementsOf(document: Readonly<Record<string, unknown>> | undefined): Requirements | undefined {
  if (document === undefined) return undefined
  const sources = [document, ...list(document['errors']).map(record)]
  const parameters = sources.map((source) => record(source['authorization_parameters']))
  const scopes = [...sources, ...parameters].flatMap((source) => [
    ...strings(source['required_scopes']),
    ...strings(source['required_scope']),
  ])
  const unapproved = sources.flatMap((source) => strings(source['unapproved_scopes']))
  const session = Object.fromEntries(parameters.flatMap(sessionParameters))
  const dependent = unapproved.length > 0
  if (scopes.length === 0 && !dependent && Object.keys(session).length === 0) return undefined
  // Transfer names them at both places.
  return { scopes: Array.from(new Set(dependent ? unapproved : scopes)), session, dependent }
}

function sessionParameters(parameters: Readonly<Record<string, unknown>>): readonly (readonly [string, string])[] {
  const names = ['session_required_identities', 'session_required_policies', 'session_required_single_domain']
  const lists = names.flatMap((name) => {
    const values = strings(parameters[name])
    return values.length === 0 ? [] : [[name, values.join(',')] as const]
  })
  const mfa = parameters['session_required_mfa'] === true ? [['session_required_mfa', 'true'] as const] : []
  const required = [...lists, ...mfa]
  if (required.length === 0) return []
  const message = parameters['session_message']
  // Without a fresh login a browser that is logged in already would come straight back.
  return [
    ...required,
    ['prompt', 'login'],
    ...(typeof message === 'string' ? [['session_message', message] as const] : []),
  ]
}

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const strings = (value: unknown): readonly string[] =>
  typeof value === 'string'
    ? value.split(',').filter((part) => part !== '')
    : list(value).filter((part) => typeof part === 'string')
