import { inTransaction, openDatabase } from './world/database.ts'
import { accessRulesIn, type AccessRules } from './world/access-rules.ts'
import { attemptsIn, type Attempts } from './world/attempts.ts'
import { bookmarksIn, type Bookmarks } from './world/bookmarks.ts'
import { clientsIn, type Clients } from './world/clients.ts'
import { codesIn, type Codes } from './world/codes.ts'
import { collectionRolesIn, type CollectionRoles } from './world/collection-roles.ts'
import { collectionsIn, type Collections } from './world/collections.ts'
import { consentsIn, type Consents } from './world/consents.ts'
import { dataPlacesIn, type DataPlaces } from './world/data-places.ts'
import { demandedPasswordsIn, type DemandedPasswords } from './world/demanded-passwords.ts'
import { forgetServices } from './world/forget-services.ts'
import { groupsIn, type Groups } from './world/groups.ts'
import { identitiesIn, type Identities } from './world/identities.ts'
import { membershipsIn, type Memberships } from './world/memberships.ts'
import { outboxIn, type Outbox } from './world/outbox.ts'
import { policiesIn, type Policies } from './world/policies.ts'
import { projectsIn, type Projects } from './world/projects.ts'
import { pauseRulesIn, type PauseRules } from './world/pause-rules.ts'
import { scopesIn, type Scopes } from './world/scopes.ts'
import { sessionsIn, type Sessions } from './world/sessions.ts'
import { signingKeysIn, type SigningKeys } from './world/signing-key.ts'
import { searchEntriesIn, type SearchEntries } from './world/search-entries.ts'
import { searchIndexesIn, type SearchIndexes } from './world/search-indexes.ts'
import { searchTasksIn, type SearchTasks } from './world/search-tasks.ts'
import { subtasksIn, type Subtasks } from './world/subtasks.ts'
import { taskEventsIn, type TaskEvents } from './world/task-events.ts'
import { tasksIn, type Tasks } from './world/tasks.ts'
import { snapshotsIn, type Snapshot } from './world/snapshots.ts'
import { timeShiftIn, type TimeShift } from './world/time-shift.ts'
import { removalIn, type Removal } from './world/removal.ts'
import { sweepIn, type Sweep } from './world/sweep.ts'
import { tokensIn, type Tokens } from './world/tokens.ts'

/** Everything the emulator knows: who exists, what they allowed, which codes, tokens and sessions are alive. */
export interface World {
  readonly identities: Identities
  readonly demandedPasswords: DemandedPasswords
  readonly clients: Clients
  readonly scopes: Scopes
  readonly consents: Consents
  readonly attempts: Attempts
  readonly sessions: Sessions
  readonly codes: Codes
  readonly tokens: Tokens
  readonly projects: Projects
  readonly policies: Policies
  readonly signingKeys: SigningKeys
  readonly timeShift: TimeShift
  readonly sweep: Sweep
  readonly removal: Removal
  readonly collections: Collections
  readonly dataPlaces: DataPlaces
  readonly accessRules: AccessRules
  readonly collectionRoles: CollectionRoles
  readonly bookmarks: Bookmarks
  readonly pauseRules: PauseRules
  readonly groups: Groups
  readonly memberships: Memberships
  readonly outbox: Outbox
  readonly searchIndexes: SearchIndexes
  readonly searchEntries: SearchEntries
  readonly searchTasks: SearchTasks
  readonly tasks: Tasks
  readonly taskEvents: TaskEvents
  readonly subtasks: Subtasks
  /** Forgets groups, search indexes and mails. */
  forgetServices(): void
  /** Everything that is stored now. */
  snapshot(): Snapshot
  /** Puts everything back as it was. */
  restore(snapshot: Snapshot): void
  /** Runs synchronous work of which all or nothing is stored. Must not be nested. */
  transaction<Result>(work: () => Result): Result
  close(): void
}

/** Opens the world kept in that directory, or a new one in memory without a directory. */
export function openWorld(directory?: string): World {
  const database = openDatabase(directory)
  const snapshots = snapshotsIn(database)
  const signingKeys = signingKeysIn(database)
  return {
    identities: identitiesIn(database),
    demandedPasswords: demandedPasswordsIn(database),
    clients: clientsIn(database),
    scopes: scopesIn(database),
    consents: consentsIn(database),
    attempts: attemptsIn(database),
    sessions: sessionsIn(database),
    codes: codesIn(database),
    tokens: tokensIn(database),
    projects: projectsIn(database),
    policies: policiesIn(database),
    signingKeys,
    timeShift: timeShiftIn(database),
    sweep: sweepIn(database),
    removal: removalIn(database),
    collections: collectionsIn(database),
    dataPlaces: dataPlacesIn(database),
    accessRules: accessRulesIn(database),
    collectionRoles: collectionRolesIn(database),
    bookmarks: bookmarksIn(database),
    pauseRules: pauseRulesIn(database),
    groups: groupsIn(database),
    memberships: membershipsIn(database),
    outbox: outboxIn(database),
    searchIndexes: searchIndexesIn(database),
    searchEntries: searchEntriesIn(database),
    searchTasks: searchTasksIn(database),
    tasks: tasksIn(database),
    taskEvents: taskEventsIn(database),
    subtasks: subtasksIn(database),
    forgetServices: () => inTransaction(database, () => forgetServices(database)),
    snapshot: () => snapshots.take(),
    restore: (snapshot) => {
      inTransaction(database, () => snapshots.restore(snapshot))
      signingKeys.reread()
    },
    transaction: (work) => inTransaction(database, work),
    close: () => database.close(),
  }
}
