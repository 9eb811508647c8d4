import { GlobusServiceError } from '../../errors.ts'

/** The error for a request that got no whole answer. The SDK's and Node's own errors name the reason at depth only. */
export function connectionFailure(service: string, url: URL, error: unknown): GlobusServiceError {
  const code = deepestCode(error)
  const detail = code === '' ? '' : ` (${code})`
  if (/^(?:HTTPParserError|Z_|UND_ERR_(?:HEADERS_OVERFLOW|RES_))/.test(code)) {
    const message = `The service ${service} sent something that is not a valid answer${detail}.`
    return new GlobusServiceError('globus_answer_invalid', message, { service, cause: error })
  }
  const message = `The service ${service} could not be reached at ${url.host}${detail}.${proxyAdvice(url)}`
  return new GlobusServiceError('globus_service_unreachable', message, { service, cause: error })
}

export function timeoutFailure(service: string, cause: unknown): GlobusServiceError {
  return new GlobusServiceError('globus_service_timeout', `The service ${service} did not answer in time.`, {
    service,
    cause,
  })
}

/** Names a proxy setting that Node does not use. Never its value: it may hold a password. */
export function proxyAdvice(url: URL, env: NodeJS.ProcessEnv = process.env): string {
  const name = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY'
  const set = [name, name.toLowerCase()].find((variable) => env[variable])
  const used =
    env['NODE_USE_ENV_PROXY'] === '1' || /--use-env-proxy/.test([...process.execArgv, env['NODE_OPTIONS']].join(' '))
  if (set === undefined || used) return ''
  return ` ${set} is set, but Node does not use it: start it with NODE_USE_ENV_PROXY=1 (Node 22.21, 24.5 or newer).`
}

/** The innermost `code` along the chain of causes: Node's fetch hides the reason one or two levels down. */
function deepestCode(error: unknown): string {
  let code = ''
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    // undici's parser error has a name only.
    if (at.name === 'HTTPParserError') code = at.name
    if ('code' in at && typeof at.code === 'string') code = at.code
  }
  return code
}
