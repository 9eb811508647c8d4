import type { AuthorizationRequirements } from '../../errors.ts'
import { boundedText, isJsonObject, itemsOf, type JsonObject } from './foreign-text.ts'

const maximumItems = 50
const maximumScope = 2048
const maximumMessage = 1000
const maximumParts = 100
/** Where services put further documents: `errors` of Auth, `details` of Flows runs, `inactive_reason.detail` of Timers. */
const containers = ['errors', 'error', 'details', 'detail', 'inactive_reason'] as const
const gridFtpResult = '530-GridFTP-JSON-Result: '
const maximumReply = 100_000

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i
const username = /^[\w.%+-]{1,128}@[a-z\d.-]{1,128}$/i
const domain = /^(?=.{1,253}$)[a-z\d](?:[a-z\d-]*[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]*[a-z\d])?)*$/i
/** RFC 6749 section 3.3, and Globus's dependencies in brackets, which are separated by spaces. */
const scope = /^[!#-[\]-~][!#-[\]-~ ]*$/

/**
 * What a document of a Globus service asks of the person, from every shape that services send: the root first, then the
 * documents inside it, then the text of a storage server. The first that asks for something is taken. Undefined: nothing
 * is asked. See <https://docs.globus.org/api/auth/developer-guide/#authorization_requirements_error>.
 *
 * Works on the 200 documents of Flows runs and Timers too. Only the known fields are read; what does not fit their type
 * or is too long is left out, and so is each scope that it may not ask for.
 */
export function findAuthorizationRequirements(
  document: unknown,
  mayAskFor: (scope: string) => boolean = () => true,
): AuthorizationRequirements | undefined {
  const parts: JsonObject[] = isJsonObject(document) ? [document] : []
  // Grows while it is read: level by level, so that an outer document goes before those inside it.
  for (let index = 0; index < parts.length && index < maximumParts; index += 1) {
    const part = parts[index] ?? {}
    const found = readDocument(part, mayAskFor)
    if (found) return found
    parts.push(...documentsIn(part))
  }
  return undefined
}

function documentsIn(part: JsonObject): JsonObject[] {
  const nested = containers.flatMap((name) => {
    const value = Object.hasOwn(part, name) ? part[name] : undefined
    return [value, ...itemsOf(value, maximumItems)]
  })
  const texts = [part['message'], part['details'], part['detail']].map(gridFtpDocument)
  return [...nested, ...texts].filter(isJsonObject)
}

/** The JSON that GridFTP servers hide in the reply lines of a failed login. */
function gridFtpDocument(text: unknown): unknown {
  if (typeof text !== 'string') return undefined
  const [, rest] = text.slice(0, maximumReply).split(gridFtpResult, 2)
  const json = rest?.split(/[\r\n]/, 1)[0]
  try {
    return json === undefined ? undefined : JSON.parse(json)
  } catch {
    return undefined
  }
}

function readDocument(
  document: JsonObject,
  mayAskFor: (scope: string) => boolean,
): AuthorizationRequirements | undefined {
  const { authorization_parameters: standard, detail } = document
  const given = isJsonObject(standard) ? standard : connectServerParameters(detail)
  const requiredScopes = unique([
    ...scopes(given?.['required_scopes']),
    // Transfer's consent error, the older single scope, and the dependent token grant.
    ...scopes(document['required_scopes']),
    ...scopes(document['required_scope']),
    ...scopes(document['unapproved_scopes']),
  ]).filter(mayAskFor)
  const parameters = readParameters(given ?? {})
  const asked = requiredScopes.length > 0 || asksForSomething(parameters)
  if (!asked) return undefined
  const words = document['message'] ?? document['description'] ?? document['detail']
  return {
    ...parameters,
    requiredScopes,
    sessionMessage:
      parameters.sessionMessage ?? (gridFtpDocument(words) ? undefined : boundedText(words, maximumMessage)),
  }
}

/** What managers of Connect Server, which are older than those parameters, say in details of their own. */
function connectServerParameters(detail: unknown): JsonObject | undefined {
  if (!isJsonObject(detail) || typeof detail['DATA_TYPE'] !== 'string') return undefined
  const { DATA_TYPE: type, allowed_domains: domains, identities, require_mfa: mfa } = detail
  if (type.startsWith('not_from_allowed_domain#')) return { session_required_single_domain: domains }
  if (!type.startsWith('authentication_timeout#')) return undefined
  // Any of the identities would do, and the parameter asks for all that it names.
  return { session_required_identities: itemsOf(identities, 1), session_required_mfa: mfa, prompt: 'login' }
}

function readParameters(given: JsonObject): Omit<AuthorizationRequirements, 'requiredScopes'> {
  return {
    sessionRequiredIdentities: list(
      given['session_required_identities'],
      (text) => uuid.test(text) || username.test(text),
    ),
    sessionRequiredSingleDomain: list(given['session_required_single_domain'], (text) => domain.test(text)),
    sessionRequiredPolicies: list(given['session_required_policies'], (text) => uuid.test(text)),
    sessionRequiredMfa: isTrue(given['session_required_mfa']),
    sessionMessage: boundedText(given['session_message'], maximumMessage),
    prompt: given['prompt'] === 'login' ? 'login' : undefined,
  }
}

function asksForSomething(parameters: Omit<AuthorizationRequirements, 'requiredScopes'>): boolean {
  return (
    parameters.sessionRequiredIdentities.length > 0 ||
    parameters.sessionRequiredSingleDomain.length > 0 ||
    parameters.sessionRequiredPolicies.length > 0 ||
    parameters.sessionRequiredMfa ||
    parameters.sessionMessage !== undefined ||
    parameters.prompt !== undefined
  )
}

/** Texts of a list, or of one text with commas: services send both. */
function list(value: unknown, fits: (text: string) => boolean): string[] {
  const items = typeof value === 'string' ? value.slice(0, 20_000).split(',') : itemsOf(value, maximumItems)
  const texts = items.slice(0, maximumItems).flatMap((item) => (typeof item === 'string' ? [item.trim()] : []))
  return unique(texts.filter((text) => text !== '' && fits(text)))
}

/** Scope expressions of a list or a text; spaces inside brackets belong to an expression, others separate two. */
function scopes(value: unknown): string[] {
  const texts = [value, ...itemsOf(value, maximumItems)].filter((text) => typeof text === 'string')
  // A text with a foreign character is not taken apart: nothing of it is trusted.
  const plain = texts.filter((text) => text.length <= maximumItems * maximumScope && scope.test(text.trim()))
  return plain.flatMap((text) => splitScopes(text.trim())).filter(isScope)
}

function splitScopes(text: string): string[] {
  const found = ['']
  let depth = 0
  for (const sign of text) {
    if (sign === '[') depth += 1
    if (sign === ']') depth -= 1
    if (sign === ' ' && depth === 0) found.push('')
    else found.push(`${found.pop() ?? ''}${sign}`)
  }
  return found.filter((part) => part !== '')
}

function isScope(text: string): boolean {
  if (text.length > maximumScope || !scope.test(text)) return false
  let depth = 0
  for (const sign of text) {
    if (sign === '[') depth += 1
    if (sign === ']') depth -= 1
    if (depth < 0) return false
  }
  return depth === 0
}

function isTrue(value: unknown): boolean {
  return value === true || (typeof value === 'string' && /^true$/i.test(value))
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].slice(0, maximumItems)
}
