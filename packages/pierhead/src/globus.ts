export { scopes } from './lib/globus/scopes.ts'
