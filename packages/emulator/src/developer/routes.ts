import type { EndpointName } from '../faults.ts'
import type { Handler, Route } from '../routes.ts'
import { createClient, deleteClient, getClient, listClients, updateClient } from './clients.ts'
import { createCredential, deleteCredential, listCredentials } from './credentials.ts'
import { createPolicy, deletePolicy, getPolicy, listPolicies, updatePolicy } from './policies.ts'
import { createProject, deleteProject, getProject, listProjects, updateProject } from './projects.ts'
import { showDevelopers, submitDevelopers } from './developers-page.ts'
import { createScope, deleteScope, getScope, listScopes, updateScope } from './scopes.ts'

const api = (name: EndpointName, method: Route['method'], path: string, handle: Handler): Route => ({
  method,
  path: `/v2/api${path}`,
  name,
  kind: 'api',
  handle,
})

/** The endpoints of those who register apps and services. */
export const developerRoutes: readonly Route[] = [
  api('projects', 'GET', '/projects', listProjects),
  api('projects', 'POST', '/projects', createProject),
  api('projects', 'GET', '/projects/:id', getProject),
  api('projects', 'PUT', '/projects/:id', updateProject),
  api('projects', 'DELETE', '/projects/:id', deleteProject),
  api('clients', 'GET', '/clients', listClients),
  api('clients', 'POST', '/clients', createClient),
  api('clients', 'GET', '/clients/:id', getClient),
  api('clients', 'PUT', '/clients/:id', updateClient),
  api('clients', 'DELETE', '/clients/:id', deleteClient),
  api('credentials', 'GET', '/clients/:id/credentials', listCredentials),
  api('credentials', 'POST', '/clients/:id/credentials', createCredential),
  api('credentials', 'DELETE', '/clients/:id/credentials/:credential', deleteCredential),
  api('scopes', 'POST', '/clients/:id/scopes', createScope),
  api('scopes', 'GET', '/scopes', listScopes),
  api('scopes', 'GET', '/scopes/:id', getScope),
  api('scopes', 'PUT', '/scopes/:id', updateScope),
  api('scopes', 'DELETE', '/scopes/:id', deleteScope),
  api('policies', 'GET', '/policies', listPolicies),
  api('policies', 'POST', '/policies', createPolicy),
  api('policies', 'GET', '/policies/:id', getPolicy),
  api('policies', 'PUT', '/policies/:id', updatePolicy),
  api('policies', 'DELETE', '/policies/:id', deletePolicy),
  { method: 'GET', path: '/v2/web/developers', name: 'developers', kind: 'page', handle: showDevelopers },
  { method: 'POST', path: '/v2/web/developers', name: 'developers', kind: 'page', handle: submitDevelopers },
]
