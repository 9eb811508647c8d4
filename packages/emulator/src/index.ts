export { systemClock, type Clock } from './clock.ts'
export {
  createEmulator,
  type Emulator,
  type EmulatorOptions,
  type ExtraRedirect,
  type NewApp,
  type RegisteredAppInfo,
} from './emulator.ts'
export { startEmulator, type RunningEmulator, type StartOptions } from './server.ts'
export {
  ControlError,
  createControlClient,
  type AgeSelector,
  type ControlClient,
  type MisbehaviourList,
} from './control-client.ts'
export { demo } from './demo.ts'
export {
  parseSeed,
  type Seed,
  type SeedClient,
  type SeedIdentity,
  type SeedPolicy,
  type SeedProject,
  type SeedProvider,
  type SeedScope,
} from './seed.ts'
export { exportSeed, type ExportOptions } from './seed/export-seed.ts'
export type {
  SeedAccessRule,
  SeedCollection,
  SeedCollectionRole,
  SeedEntry,
  SeedGroup,
  SeedMembership,
  SeedSearchIndex,
} from './seed/service-seed-types.ts'
export {
  ConnectionCut,
  type EndpointName,
  type Fault,
  type FaultRule,
  type FaultSubject,
  type Faults,
} from './faults.ts'
export {
  misbehaviourNames,
  misbehaviours,
  type Change,
  type Misbehaviour,
  type MisbehaviourName,
  type Play,
} from './faults/misbehaviours.ts'
export type { Playing } from './faults/playing.ts'
export { malformations, type Malformation } from './faults/malform.ts'
export { idTokenMutations, type IdTokenMutation } from './auth/id-token-mutations.ts'
export type { Removable } from './remove.ts'
export { defaultBehaviour, type Behaviour } from './options.ts'
export type { ClientInfo, CollectionInfo, EmulatorInfo, IdentityInfo } from './info.ts'
export type { MailDocument } from './outbox/show.ts'
export type { OwnCollection } from './transfer/plant-transfer.ts'
export type { TransferService } from './transfer/service.ts'
export type { AuthorizeOrder, AuthorizeResult } from './scripts/authorize-for-script.ts'
export type { ConsentGrant, TokenOrder, TokenResponse } from './scripts/issue-for-script.ts'
export type { EmulatorClock, PersonalUserAgent, ProgramChoice, WaysIn } from './ways-in.ts'
export type { Runtime } from './client-environment.ts'
export type { World } from './world.ts'
export { createUserAgent, type Person, type UserAgent, type UserAgentOptions } from './user-agent.ts'
