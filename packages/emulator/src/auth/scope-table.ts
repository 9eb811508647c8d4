import type { NewScope } from '../world/scopes.ts'

type Entry = readonly [id: string, scopeString: string, description: string]

interface Service {
  readonly client: string
  readonly resourceServer: string
  readonly scopes: readonly Entry[]
}

/** The resource server of Globus Auth itself, whose token stands on top of a token response. */
export const AUTH_RESOURCE_SERVER = 'auth.globus.org'

const AUTH = 'urn:globus:auth:scope:auth.globus.org:'
const TRANSFER = 'urn:globus:auth:scope:transfer.api.globus.org:'
const GROUPS = 'urn:globus:auth:scope:groups.api.globus.org:'
const SEARCH = 'urn:globus:auth:scope:search.api.globus.org:'
const FLOWS_CLIENT = 'eec9b274-0c81-4334-bdc2-54e90e689b9a'
const FLOWS = `https://auth.globus.org/scopes/${FLOWS_CLIENT}/`
const TIMERS_CLIENT = '524230d7-ea86-4a52-8312-86065a9e0417'
const COMPUTE_CLIENT = 'facd7ccc-c5f4-42aa-916b-a0e270e2c2a9'

/** The services of Globus and their scopes. A resource server cannot be read off its scope strings, so there has to be a table. */
const services: readonly Service[] = [
  {
    client: '7c8c6ef1-9f0b-4f0e-8d0c-1b7b4c6a5e01',
    resourceServer: AUTH_RESOURCE_SERVER,
    scopes: [
      ['0a1c7f52-3a5e-4d0c-9c63-2f9c0e7b1a01', 'openid', 'Know who you are on Globus'],
      ['0a1c7f52-3a5e-4d0c-9c63-2f9c0e7b1a02', 'email', 'View your email address'],
      ['0a1c7f52-3a5e-4d0c-9c63-2f9c0e7b1a03', 'profile', 'View your name, organization and identity provider'],
      ['0a1c7f52-3a5e-4d0c-9c63-2f9c0e7b1a04', `${AUTH}manage_projects`, 'Manage your Globus Auth projects'],
      ['0a1c7f52-3a5e-4d0c-9c63-2f9c0e7b1a05', `${AUTH}view_authentications`, 'View when and how you logged in'],
      ['0a1c7f52-3a5e-4d0c-9c63-2f9c0e7b1a06', `${AUTH}view_clients`, 'View the apps that you registered'],
      [
        '0a1c7f52-3a5e-4d0c-9c63-2f9c0e7b1a07',
        `${AUTH}view_clients_and_scopes`,
        'View registered apps and their scopes',
      ],
      ['0a1c7f52-3a5e-4d0c-9c63-2f9c0e7b1a08', `${AUTH}view_consents`, 'View what you have allowed apps to do'],
      ['0a1c7f52-3a5e-4d0c-9c63-2f9c0e7b1a09', `${AUTH}view_identities`, 'View identities on Globus'],
      ['0a1c7f52-3a5e-4d0c-9c63-2f9c0e7b1a0a', `${AUTH}view_identity_set`, 'View all your linked identities'],
    ],
  },
  {
    client: '7c8c6ef1-9f0b-4f0e-8d0c-1b7b4c6a5e02',
    resourceServer: 'transfer.api.globus.org',
    scopes: [
      ['0a1c7f52-3a5e-4d0c-9c63-2f9c0e7b1b01', `${TRANSFER}all`, 'Manage data using Globus Transfer'],
      ['0a1c7f52-3a5e-4d0c-9c63-2f9c0e7b1b02', `${TRANSFER}gcp_install`, 'Set up Globus Connect Personal'],
    ],
  },
  {
    client: '7c8c6ef1-9f0b-4f0e-8d0c-1b7b4c6a5e03',
    resourceServer: 'groups.api.globus.org',
    scopes: [
      ['0a1c7f52-3a5e-4d0c-9c63-2f9c0e7b1c01', `${GROUPS}all`, 'View and manage your groups'],
      [
        '0a1c7f52-3a5e-4d0c-9c63-2f9c0e7b1c02',
        `${GROUPS}view_my_groups_and_memberships`,
        'View your groups and memberships',
      ],
    ],
  },
  {
    client: '7c8c6ef1-9f0b-4f0e-8d0c-1b7b4c6a5e04',
    resourceServer: 'nexus.api.globus.org',
    scopes: [
      ['0a1c7f52-3a5e-4d0c-9c63-2f9c0e7b1d01', 'urn:globus:auth:scope:nexus.api.globus.org:groups', 'Use your groups'],
    ],
  },
  {
    client: '7c8c6ef1-9f0b-4f0e-8d0c-1b7b4c6a5e05',
    resourceServer: 'search.api.globus.org',
    scopes: [
      ['0a1c7f52-3a5e-4d0c-9c63-2f9c0e7b1e01', `${SEARCH}all`, 'Use all of Globus Search'],
      ['0a1c7f52-3a5e-4d0c-9c63-2f9c0e7b1e02', `${SEARCH}ingest`, 'Add records to your search indexes'],
      ['0a1c7f52-3a5e-4d0c-9c63-2f9c0e7b1e03', `${SEARCH}search`, 'Search on your behalf'],
      ['0a1c7f52-3a5e-4d0c-9c63-2f9c0e7b1e04', `${SEARCH}globus_connect_server`, 'Index your collections'],
    ],
  },
  {
    client: FLOWS_CLIENT,
    resourceServer: 'flows.globus.org',
    scopes: [
      ['0a1c7f52-3a5e-4d0c-9c63-2f9c0e7b1f01', `${FLOWS}all`, 'Use all of Globus Flows'],
      ['0a1c7f52-3a5e-4d0c-9c63-2f9c0e7b1f02', `${FLOWS}manage_flows`, 'Manage your flows'],
      ['0a1c7f52-3a5e-4d0c-9c63-2f9c0e7b1f03', `${FLOWS}view_flows`, 'View flows'],
      ['0a1c7f52-3a5e-4d0c-9c63-2f9c0e7b1f04', `${FLOWS}run`, 'Run flows'],
      ['0a1c7f52-3a5e-4d0c-9c63-2f9c0e7b1f05', `${FLOWS}run_status`, 'View the status of your runs'],
      ['0a1c7f52-3a5e-4d0c-9c63-2f9c0e7b1f06', `${FLOWS}run_manage`, 'Manage your runs'],
      ['0a1c7f52-3a5e-4d0c-9c63-2f9c0e7b1f07', `${FLOWS}web_input_view`, 'View questions that flows ask'],
      ['0a1c7f52-3a5e-4d0c-9c63-2f9c0e7b1f08', `${FLOWS}web_input_respond`, 'Answer questions that flows ask'],
    ],
  },
  {
    client: TIMERS_CLIENT,
    resourceServer: TIMERS_CLIENT,
    scopes: [
      [
        '0a1c7f52-3a5e-4d0c-9c63-2f9c0e7b2001',
        `https://auth.globus.org/scopes/${TIMERS_CLIENT}/timer`,
        'Set and manage timers',
      ],
    ],
  },
  {
    client: COMPUTE_CLIENT,
    resourceServer: 'funcx_service',
    scopes: [
      [
        '0a1c7f52-3a5e-4d0c-9c63-2f9c0e7b2101',
        `https://auth.globus.org/scopes/${COMPUTE_CLIENT}/all`,
        'Run functions with Globus Compute',
      ],
    ],
  },
]

/** Every scope that exists in an empty world. */
export const globusScopes: readonly NewScope[] = services.flatMap(({ client, resourceServer, scopes }) =>
  scopes.map(([id, scopeString, description]) => ({
    id,
    scopeString,
    client,
    resourceServer,
    description,
    allowsRefreshToken: true,
    dependentScopes: [],
  })),
)
