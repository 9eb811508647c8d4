import type { Login, SessionStore } from 'pierhead'
import type { SessionEnds } from './access/session-ends.ts'
import type { Branding } from './branding.ts'
import type { PortalConfig } from './config.ts'
import type { AllTabCounts } from './collections/tab-counts.ts'
import type { Collections } from './files/collection-cache.ts'
import type { Grants } from './data/grants.ts'
import type { Published } from './data/published.ts'
import type { TreeSizes } from './data/tree-sizes.ts'
import type { RefusedWrites } from './files/refused-writes.ts'
import type { Globus } from './globus.ts'
import type { LiveTasks } from './transfers/live-tasks.ts'
import type { PortalLog } from './log.ts'
import type { Audit } from './operator/audit.ts'
import type { Metrics } from './operator/metrics.ts'
import type { People } from './operator/people.ts'
import type { Refusals } from './operator/refusals.ts'
import type { PastOrders } from './transfers/past-orders.ts'
import type { Once } from './sharing/once.ts'
import type { Turns } from './turns.ts'
import type { Site } from './views/layout.ts'

/** What every handler is given. */
export interface PortalContext {
  readonly config: PortalConfig
  readonly login: Login
  readonly turns: Turns
  readonly globus: Globus
  readonly collections: Collections
  readonly tabCounts: AllTabCounts
  readonly refusedWrites: RefusedWrites
  readonly sessionEnds: SessionEnds
  readonly liveTasks: LiveTasks
  readonly once: Once
  readonly pastOrders: PastOrders
  readonly published: Published
  readonly treeSizes: TreeSizes
  readonly grants: Grants
  readonly branding: Branding
  readonly store: SessionStore
  readonly log: PortalLog
  readonly refusals: Refusals
  readonly audit: Audit
  readonly people: People
  readonly metrics: Metrics
  /** Aborted when the portal is about to end: whatever would go on for long ends then. */
  readonly closing: AbortSignal
  readonly site: Site
  /** Epoch milliseconds. */
  readonly now: () => number
}
