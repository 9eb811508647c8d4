import { AuthorizationRequirementsError, GlobusServiceError } from '../../errors.ts'
import type { Answer } from './answer.ts'
import { findAuthorizationRequirements } from './authorization-requirements.ts'
import { boundedText, isJsonObject, itemsOf, type JsonObject } from './foreign-text.ts'
import { readRetryAfter } from './retry.ts'

export interface ErrorContext {
  readonly service: string
  readonly resourceServer: string
  /** Which scopes it may make a person consent to; of others nothing is said. Default: any. */
  readonly mayAskFor?: (scope: string) => boolean
  /** Removed from every text, should a service echo it. */
  readonly token: string | undefined
  readonly now: number
}

const maximumErrors = 10

/**
 * The error that an answer stands for. Services have many shapes: `{code, message}` (Transfer, Search), `{code, detail}`
 * (Groups), `{error: {code, detail}}` (Flows, Timers), `{errors: [...]}` (Auth, JSON:API), `{detail: [...]}`, or a page.
 * What it asks of the person comes first, whatever its status.
 */
export function errorOf(answer: Answer, context: ErrorContext): GlobusServiceError | AuthorizationRequirementsError {
  const parts = documentsOf(answer.json)
  const failure = {
    service: context.service,
    status: answer.status,
    serviceCode: clean(first(parts, ['code', 'error']), 200, context.token) ?? '',
    serviceMessage: clean(wordsOf(parts), 1000, context.token) ?? '',
    serviceDetail: detailType(answer.json),
    requestId: clean(first(parts, ['request_id', 'id']) ?? answer.headers.get('x-request-id'), 100, context.token),
    retryAfter: readRetryAfter(answer.headers, context.now),
  }
  const requirements = findAuthorizationRequirements(answer.json, context.mayAskFor)
  if (requirements) {
    const sessionMessage = clean(requirements.sessionMessage, 1000, context.token)
    return new AuthorizationRequirementsError(
      { ...requirements, sessionMessage },
      { ...failure, resourceServer: context.resourceServer },
    )
  }
  const code = answer.status === 401 ? 'globus_token_refused' : 'globus_service_error'
  return new GlobusServiceError(code, describe(failure), failure)
}

function describe(failure: {
  service: string
  status: number
  serviceCode: string
  serviceMessage: string
  requestId: string | undefined
}): string {
  const { service, status, serviceCode, serviceMessage, requestId } = failure
  const code = serviceCode === '' ? '' : ` ${serviceCode}`
  const request = requestId === undefined ? '' : ` (request ${requestId})`
  return `The service ${service} answered ${status}${code}${request}${serviceMessage === '' ? '.' : `: ${serviceMessage}`}`
}

/** Connect Server's own kinds of refusal are a `DATA_TYPE` with a version, in `detail`. */
function detailType(json: unknown): string | undefined {
  const detail = isJsonObject(json) ? json['detail'] : undefined
  const type = isJsonObject(detail) ? detail['DATA_TYPE'] : undefined
  return typeof type === 'string' ? /^([a-z_]{1,60})#[\d.]{1,20}$/.exec(type)?.[1] : undefined
}

/** The root and the errors inside it. */
function documentsOf(json: unknown): JsonObject[] {
  if (!isJsonObject(json)) return []
  const { errors, error, detail, meta } = json
  const inside = [error, detail, meta, ...itemsOf(errors, maximumErrors), ...itemsOf(detail, maximumErrors)]
  return [json, ...inside.filter(isJsonObject)]
}

function first(parts: readonly JsonObject[], names: readonly string[]): unknown {
  return parts.flatMap((part) => names.map((name) => part[name])).find((value) => typeof value === 'string')
}

function wordsOf(parts: readonly JsonObject[]): string {
  const words = parts.map((part) =>
    first([part], ['message', 'detail', 'error_description', 'description', 'title', 'msg']),
  )
  return words
    .filter((text) => typeof text === 'string')
    .slice(0, maximumErrors)
    .join('; ')
}

function clean(value: unknown, maximum: number, token: string | undefined): string | undefined {
  // Before it is cut, so that no half of a token is left over.
  const text =
    typeof value === 'string' && token !== undefined && token !== '' ? value.replaceAll(token, '[token]') : value
  return boundedText(text, maximum)
}
