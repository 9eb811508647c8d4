import type { Provider } from '../oauth/provider.ts'
import type { CookiePolicy } from '../session/cookies.ts'
import type { Sealer } from '../session/seal.ts'
import type { SessionKeeper } from '../session/session-keeper.ts'
import type { RecordSealers } from '../session/session-record.ts'
import type { SessionStore } from '../session/session-store.ts'
import type { Events } from './events.ts'
import type { GroupsReader, MyGroup } from './group-guard.ts'
import type { Introspect } from './introspections.ts'
import type { LoginOptions } from './options.ts'
import type { PageRenderer } from './pages.ts'
import type { Revocations } from './revocations.ts'
import type { Settings } from './settings.ts'
import type { ShortCache } from './short-cache.ts'
import type { TokenRefresher } from './token-refresher.ts'
import type { Transactions } from './transactions.ts'

/** What the parts of one login share. Made once, by `createLogin`. */
export interface LoginContext {
  readonly settings: Settings
  readonly provider: Provider
  readonly policy: CookiePolicy
  /** The configured store, or one in this process's memory for what must be used once or not be lost at once. */
  readonly store: SessionStore
  readonly sealers: RecordSealers
  readonly keeper: SessionKeeper
  readonly transactions: Transactions
  readonly loginRequests: Sealer
  readonly keptForms: Sealer
  readonly revocations: Revocations
  readonly refresher: TokenRefresher
  readonly introspect: Introspect
  readonly groups: { readonly reader: GroupsReader; readonly cache: ShortCache<readonly MyGroup[]> }
  readonly events: Events
  readonly pages: PageRenderer
  /** Keyed hashes of issuer and subject: the first is written, all are looked up. */
  subjectHashes(subject: string): readonly [string, ...string[]]
  /** Secrets for the CSRF tokens of a session: the first is given out, all are taken. */
  csrfSecrets(sid: string): readonly [string, ...string[]]
  readonly onLogin: LoginOptions<unknown>['onLogin']
}
