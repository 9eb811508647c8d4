import type { Needs } from './remedy.ts'

/** What a refusal demands of the person. */
export interface Requirements extends Needs {
  readonly sentence: string
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
    ...strings(source['unapproved_scopes']),
  ])
  const session = Object.fromEntries(parameters.flatMap(sessionParameters))
  if (scopes.length === 0 && Object.keys(session).length === 0) return undefined
  const consent = `The person has not consented to ${scopes.join(', ')} for this app.`
  const login = `The person’s session does not meet ${Object.keys(session).join(', ')}.`
  const sentence = [scopes.length > 0 ? consent : '', Object.keys(session).length > 0 ? login : '']
  return { scopes, session, sentence: sentence.filter((part) => part !== '').join(' ') }
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
