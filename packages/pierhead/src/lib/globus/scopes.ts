/**
 * Scope strings of Globus services, as registered with Globus Auth. The resource server of a token cannot be read off
 * its scope: Flows, Timers and Compute use other names than their scopes show.
 */
export const scopes = {
  openid: 'openid',
  profile: 'profile',
  email: 'email',
  auth: {
    manageProjects: 'urn:globus:auth:scope:auth.globus.org:manage_projects',
    viewAuthentications: 'urn:globus:auth:scope:auth.globus.org:view_authentications',
    viewClients: 'urn:globus:auth:scope:auth.globus.org:view_clients',
    viewClientsAndScopes: 'urn:globus:auth:scope:auth.globus.org:view_clients_and_scopes',
    viewConsents: 'urn:globus:auth:scope:auth.globus.org:view_consents',
    viewIdentities: 'urn:globus:auth:scope:auth.globus.org:view_identities',
    viewIdentitySet: 'urn:globus:auth:scope:auth.globus.org:view_identity_set',
  },
  transfer: {
    all: 'urn:globus:auth:scope:transfer.api.globus.org:all',
    gcpInstall: 'urn:globus:auth:scope:transfer.api.globus.org:gcp_install',
  },
  groups: {
    all: 'urn:globus:auth:scope:groups.api.globus.org:all',
    viewMyGroupsAndMemberships: 'urn:globus:auth:scope:groups.api.globus.org:view_my_groups_and_memberships',
  },
  search: {
    all: 'urn:globus:auth:scope:search.api.globus.org:all',
    ingest: 'urn:globus:auth:scope:search.api.globus.org:ingest',
    search: 'urn:globus:auth:scope:search.api.globus.org:search',
  },
  flows: {
    all: 'https://auth.globus.org/scopes/eec9b274-0c81-4334-bdc2-54e90e689b9a/all',
    manageFlows: 'https://auth.globus.org/scopes/eec9b274-0c81-4334-bdc2-54e90e689b9a/manage_flows',
    viewFlows: 'https://auth.globus.org/scopes/eec9b274-0c81-4334-bdc2-54e90e689b9a/view_flows',
    run: 'https://auth.globus.org/scopes/eec9b274-0c81-4334-bdc2-54e90e689b9a/run',
    runStatus: 'https://auth.globus.org/scopes/eec9b274-0c81-4334-bdc2-54e90e689b9a/run_status',
    runManage: 'https://auth.globus.org/scopes/eec9b274-0c81-4334-bdc2-54e90e689b9a/run_manage',
  },
  timers: { timer: 'https://auth.globus.org/scopes/524230d7-ea86-4a52-8312-86065a9e0417/timer' },
  compute: { all: 'https://auth.globus.org/scopes/facd7ccc-c5f4-42aa-916b-a0e270e2c2a9/all' },
} as const
