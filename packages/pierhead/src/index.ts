export * from './errors.ts'
export type { TokenSet } from './lib/oauth/token-set.ts'
export type { SessionStore, StoredValue } from './lib/session/session-store.ts'
