/** A setting that a variable of the environment can give. */
export interface Variable {
  readonly name: string
  /** Its place in the file. */
  readonly key: string
  /** Read aloud in a message it would end up in a log. It can be given as a file too, by `…_FILE` and by `…File`. */
  readonly secret?: true
}

/** The environment wins over the file. */
export const variables: readonly Variable[] = [
  { name: 'PORT', key: 'server.port' },
  { name: 'PORTAL_LISTEN', key: 'server.listen' },
  { name: 'PIERHEAD_DATA', key: 'server.data' },
  { name: 'SESSION_SECRET', key: 'session.secret', secret: true },
  { name: 'SESSION_STORE_URL', key: 'session.storeUrl', secret: true },
  { name: 'GLOBUS_CLIENT_ID', key: 'globus.clientId' },
  { name: 'GLOBUS_CLIENT_SECRET', key: 'globus.clientSecret', secret: true },
  { name: 'GLOBUS_REDIRECT_URI', key: 'globus.redirectUri' },
  { name: 'GLOBUS_SDK_ENVIRONMENT', key: 'globus.environment' },
  { name: 'PORTAL_METRICS_TOKEN', key: 'metrics.token', secret: true },
  { name: 'PORTAL_REVEAL_TOKENS', key: 'development.revealTokens' },
  { name: 'PORTAL_MODE', key: 'mode' },
  { name: 'PORTAL_NAME', key: 'site.name' },
]

/** What is left of such a name is the service's, in the spelling of the SDK. */
export const servicePrefix = 'GLOBUS_SDK_SERVICE_URL_'
/** Where the file is. */
export const fileVariable = 'PIERHEAD_CONFIG'

/** A variable by its place in the file. */
export function variableFor(key: string): string | undefined {
  const service = /^globus\.services\.(\w+)$/.exec(key)?.[1]
  if (service !== undefined) return servicePrefix + service
  return variables.find((variable) => variable.key === key)?.name
}

export function isSecret(key: string): boolean {
  return variables.some((variable) => variable.key === key && variable.secret)
}
