import { existsSync } from 'node:fs'
import { type ConfigFile, isRecord, noFile, type Place, readConfigFile } from './config/config-file.ts'
import { explain, type Problem } from './config/explain.ts'
import { imagesIn } from './config/images.ts'
import { describeOrigins } from './config/origins.ts'
import { type Environment, overlay, type Settings } from './config/overlay.ts'
import { fileSchema, type FileSettings } from './config/schema.ts'
import { ConfigurationError, type PortalConfig, type SearchConfig } from './config/types.ts'
import { keyOf, misspeltVariables, unknownKeys } from './config/unknown-keys.ts'
import { fileVariable, servicePrefix } from './config/variables.ts'

export { isLoopback } from './config/addresses.ts'
export { ConfigurationError, type PortalConfig } from './config/types.ts'

const usualFile = 'portal.yaml'
const issuers = { production: 'https://auth.globus.org', preview: 'https://auth.preview.globus.org' } as const

/**
 * Reads the settings from the environment and from the file that `PIERHEAD_CONFIG` names; without it from `portal.yaml`
 * in the working directory, if there is one. The environment wins. Empty variables count as absent.
 * @throws ConfigurationError naming every setting that is missing, wrong or unknown, and the remedy
 */
export function readConfig(environment: Environment): PortalConfig {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const file = openFile(given[fileVariable])
  const settings = overlay(file, given)
  const unknown = [...misspeltVariables(given), ...unknownKeys(file.value)]
  const result = fileSchema(imagesIn(file.folder)).safeParse(settings.value)
  const wrong = result.success ? [] : result.error.issues.flatMap((issue) => problemsOf(issue, settings, unknown))
  const problems = [...unknown, ...settings.problems, ...wrong]
  if (!result.success || problems.length > 0) throw new ConfigurationError(explain(problems, file))
  const origins = describeOrigins({ file, used: result.data, sources: settings.sources })
  return { ...toConfig(result.data, environment['NODE_ENV'] === 'production'), origins }
}

/** What the official SDK reads from the environment, so that the services are where the settings say, file included. */
export function sdkEnvironment({ environment, services }: PortalConfig): Record<string, string> {
  const urls = Object.entries(services).map(([name, url]) => [`${servicePrefix}${name}`, url] as const)
  return { GLOBUS_SDK_ENVIRONMENT: environment, ...Object.fromEntries(urls) }
}

function openFile(path: string | undefined): ConfigFile {
  if (path !== undefined) return readConfigFile(path)
  return existsSync(usualFile) ? readConfigFile(usualFile) : noFile()
}

interface Issue {
  readonly code: string
  readonly path: readonly PropertyKey[]
}

function problemsOf(
  { code, path }: Issue,
  { problems, sources, value }: Settings,
  unknown: readonly Problem[],
): Problem[] {
  const place: Place = path.map((part) => (typeof part === 'number' ? part : String(part)))
  const key = keyOf(place)
  const found = valueAt(value, place)
  // Said already, by what is unknown there or could not be read.
  const isSaid = unknown.some((one) => one.kind === 'unknown' && keyOf(one.place).startsWith(key))
  const isUnreadable = problems.some((one) => one.kind === 'unreadable' && one.key === `${key}File`)
  if (code === 'unrecognized_keys' || isSaid || isUnreadable) return []
  if (found !== undefined) return [{ kind: 'wrong', place, value: found, source: sources.get(key) }]
  const parts = missingParts[key]
  return parts === undefined
    ? [{ kind: 'missing', place }]
    : parts.map((part) => ({ kind: 'missing', place: [...place, part] }))
}

function valueAt(value: unknown, place: Place): unknown {
  return place.reduce<unknown>((at, part) => {
    if (typeof part === 'number') return Array.isArray(at) ? at[part] : undefined
    return isRecord(at) ? at[part] : undefined
  }, value)
}

/** What must be there, where the mapping that holds it is not. */
const missingParts: Readonly<Record<string, readonly string[]>> = {
  session: ['secret'],
  globus: ['clientId', 'clientSecret', 'redirectUri'],
}

function toConfig(settings: FileSettings, isProduction: boolean): Omit<PortalConfig, 'origins'> {
  const { access, admins, datasets, development, globus, metrics, mode, search, server, session, site } = settings
  const issuer = globus.services['AUTH'] ?? issuers[globus.environment]
  return {
    port: server.port,
    listen: server.listen,
    dataFolder: server.data,
    sessionSecrets: session.secret,
    sessionStoreUrl: session.storeUrl,
    clientId: globus.clientId,
    clientSecret: globus.clientSecret,
    redirectUri: globus.redirectUri,
    environment: globus.environment,
    issuer: issuer.replace(/\/+$/, ''),
    services: globus.services,
    revealTokens: development.revealTokens && !isProduction,
    metricsToken: metrics.token,
    site: {
      name: site.name,
      logo: site.logo,
      accent: { light: site.accent.light, dark: site.accent.dark },
      welcome: site.welcome,
      contact: site.contact,
      links: site.links,
    },
    mode,
    access: access?.require,
    admins: { identities: admins.identities, groups: admins.group },
    datasets: datasets.map((dataset) => ({
      ...dataset,
      licence: dataset.licence && { name: dataset.licence.name, href: dataset.licence.href },
      image: dataset.image,
      citation: dataset.citation,
      size: dataset.size,
      files: dataset.files,
      contact: dataset.contact,
      access: dataset.access?.require,
      grant: dataset.access?.grant,
    })),
    search: search satisfies SearchConfig | undefined,
  }
}
