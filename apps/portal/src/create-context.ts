import { setTimeout as delay } from 'node:timers/promises'
import { createAppIdentity, createLogin, type Clock, type Login, type SessionStore } from 'pierhead'
import { scopes } from 'pierhead/globus'
import { createSessionEnds } from './access/session-ends.ts'
import { rights } from './access/watch-session.ts'
import { createTabCounts } from './collections/tab-counts.ts'
import { ConfigurationError, type PortalConfig } from './config.ts'
import type { PortalContext } from './context.ts'
import { createGrants } from './data/grants.ts'
import { createPublished } from './data/published.ts'
import { createTreeSizes } from './data/tree-sizes.ts'
import { createCollections } from './files/collection-cache.ts'
import { createRefusedWrites } from './files/refused-writes.ts'
import { createGlobus } from './globus.ts'
import { createLog } from './log.ts'
import { createAudit } from './operator/audit.ts'
import { createMetrics } from './operator/metrics.ts'
import { openPeople } from './operator/people.ts'
import { createRefusals } from './operator/refusals.ts'
import { scopesFor } from './scopes.ts'
import { openSessionStore } from './session-file.ts'
import { createLiveTasks } from './transfers/live-tasks.ts'
import { createPastOrders } from './transfers/past-orders.ts'
import { createOnce } from './sharing/once.ts'
import { createTurns } from './turns.ts'
import { loginPages } from './views/login-pages.ts'
import { writeUpdate } from './views/transfers/update.ts'

export interface PortalDependencies {
  readonly clock?: Clock
  readonly fetch?: typeof fetch
  /** Takes each line of the log. Default: standard error. */
  readonly writeLog?: (line: string) => void
  /** Where sessions are kept; closed with the portal. Default: a file below the data folder. */
  readonly store?: SessionStore
}

type Given = Pick<PortalContext, 'branding' | 'closing' | 'site'>

/** @throws ConfigurationError when settings contradict each other or the data folder cannot be used */
export function createContext(config: PortalConfig, given: Given, dependencies: PortalDependencies): PortalContext {
  const { clock, fetch, store = openSessionStore(config.dataFolder, clock?.now) } = dependencies
  const now = () => clock?.now() ?? Date.now()
  const log = createLog(dependencies.writeLog)
  const base = { ...given, config, log, store, now, refusals: createRefusals(now), metrics: createMetrics() }
  const globus = createGlobus({ clock, fetch })
  const outside = { ...(clock === undefined ? {} : { clock }), ...(fetch === undefined ? {} : { fetch }) }
  const { clientId, clientSecret, issuer } = config
  const client = { clientId, clientSecret, issuer, ...outside }
  const own = withRemedy(() => createAppIdentity({ ...client, logger: log.login })).tokens([scopes.transfer.all])
  const login = withRemedy(() => createPortalLogin(base, client))
  const time = clock ?? { now, wait }
  const longest = config.access === undefined ? usualStream : guardedStream
  const { closing } = given
  const sessionEnds = createSessionEnds({ login, clock: time, period: rights.period * 1000 })
  return {
    ...base,
    login,
    globus,
    collections: createCollections(globus, now),
    tabCounts: createTabCounts(globus, now),
    refusedWrites: createRefusedWrites(now),
    turns: createTurns(),
    sessionEnds,
    liveTasks: createLiveTasks({ globus, sessionEnds, clock: time, longest, write: writeUpdate, closing }),
    once: createOnce({ store, secrets: config.sessionSecrets, clock: time }),
    pastOrders: createPastOrders({ store, secrets: config.sessionSecrets, now }),
    published: createPublished({ globus, own, now }),
    treeSizes: createTreeSizes({ globus, clock: time, closing }),
    grants: createGrants({ globus, own }),
    audit: createAudit(log, now),
    people: openPeople(config.dataFolder, now),
  }
}

type Base = Pick<PortalContext, 'config' | 'log' | 'metrics' | 'refusals' | 'site' | 'store'>
type Client = Pick<Parameters<typeof createLogin>[0], 'clientId' | 'clientSecret' | 'issuer' | 'clock' | 'fetch'>

function createPortalLogin({ config, log, metrics, refusals, site, store }: Base, client: Client): Login {
  return createLogin({
    ...client,
    redirectUri: config.redirectUri,
    scopes: scopesFor(config),
    session: { secrets: config.sessionSecrets, store },
    logoutPath: site.logoutUrl,
    afterLogout: site.homeUrl,
    name: site.name,
    pages: loginPages(site, () => log.requestId()),
    logger: (event) => {
      log.login(event)
      refusals.note(event, log.requestId())
      metrics.event(event)
    },
  })
}

/** Milliseconds. Where access has conditions, no longer than an earlier yes of Groups counts. */
const [usualStream, guardedStream] = [3_600_000, 60_000]

const wait = (milliseconds: number, signal?: AbortSignal) => delay(milliseconds, undefined, { signal, ref: false })

function withRemedy<T>(create: () => T): T {
  try {
    return create()
  } catch (cause) {
    if (cause instanceof TypeError) throw new ConfigurationError(`The portal cannot start: ${cause.message}`, { cause })
    throw cause
  }
}
