import type { Route } from '../../routes.ts'
import { listConsents } from './consents.ts'
import { findIdentities, getIdentity } from './identities.ts'
import { findIdentityProviders } from './identity-providers.ts'

const api = '/v2/api'

/** The endpoints about people and what they allowed. */
export const identityRoutes: readonly Route[] = [
  { method: 'GET', path: `${api}/identities`, name: 'identities', kind: 'api', handle: findIdentities },
  { method: 'GET', path: `${api}/identities/:id`, name: 'identities', kind: 'api', handle: getIdentity },
  { method: 'GET', path: `${api}/identities/:id/consents`, name: 'consents', kind: 'api', handle: listConsents },
  {
    method: 'GET',
    path: `${api}/identity_providers`,
    name: 'identity-providers',
    kind: 'api',
    handle: findIdentityProviders,
  },
]
