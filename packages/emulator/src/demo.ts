import { demoCollections, demoGroups, demoSearchIndexes } from './demo-collections.ts'
import type { Seed } from './seed.ts'

const ids = {
  providers: {
    globusId: '41143743-f3c8-4d60-bbdb-eeecaba85bd9',
    harbourUniversity: '6b1d4b6a-2c67-4f0e-9d55-0d6f4c2a1001',
    harbourHospital: '6b1d4b6a-2c67-4f0e-9d55-0d6f4c2a1002',
    orcid: '6b1d4b6a-2c67-4f0e-9d55-0d6f4c2a1003',
  },
  people: {
    maya: '3d8a6f10-5c1b-4b7e-8f7a-9a2c0b5d2001',
    mayaOrcid: '3d8a6f10-5c1b-4b7e-8f7a-9a2c0b5d2002',
    zoe: '3d8a6f10-5c1b-4b7e-8f7a-9a2c0b5d2003',
    ingrid: '3d8a6f10-5c1b-4b7e-8f7a-9a2c0b5d2004',
    sam: '3d8a6f10-5c1b-4b7e-8f7a-9a2c0b5d2005',
  },
  clients: {
    portal: 'b1f2e3d4-7a65-4c3b-9d2e-1f0a9b8c3001',
    exampleApp: 'b1f2e3d4-7a65-4c3b-9d2e-1f0a9b8c3002',
    browserApp: 'b1f2e3d4-7a65-4c3b-9d2e-1f0a9b8c3003',
    tideApi: 'b1f2e3d4-7a65-4c3b-9d2e-1f0a9b8c3004',
    /** The native client of the SDK's tutorial, with its real id. */
    tutorial: '61338d24-54d5-408f-a10d-66c06b59f6d2',
    /** The template of globus-cli, with its real id. */
    cli: '95fdeba8-fac2-42bd-a357-e068d82ff78e',
  },
  projects: {
    harbour: 'c5d6e7f8-1b2c-4d3e-8f9a-0b1c2d3e4001',
  },
  policies: {
    /** A login with the hospital within the last half hour, with a second factor. */
    hospital: 'd7e8f9a0-2c3d-4e5f-9a0b-1c2d3e4f5001',
  },
  scopes: {
    tideApi: 'https://auth.globus.org/scopes/b1f2e3d4-7a65-4c3b-9d2e-1f0a9b8c3004/tides',
  },
} as const

/** The ids of the demo world. They never change, so that documentation and tests can name them; secrets are made at first start. */
export const demo: typeof ids & {
  readonly collections: typeof demoCollections
  readonly groups: typeof demoGroups
  readonly searchIndexes: typeof demoSearchIndexes
} = {
  ...ids,
  collections: demoCollections,
  groups: demoGroups,
  searchIndexes: demoSearchIndexes,
}

const { people, clients, providers } = demo

/** The people and clients that are there without a seed file. */
export const demoSeed: Seed = {
  identity_providers: [
    { id: providers.globusId, name: 'Globus ID', short_name: 'globusid', domains: ['globusid.org'] },
    {
      id: providers.harbourUniversity,
      name: 'Harbour University',
      short_name: 'harbour',
      domains: ['harbour.example'],
    },
    { id: providers.harbourHospital, name: 'Harbour Hospital', short_name: 'hospital', domains: ['hospital.example'] },
    { id: providers.orcid, name: 'ORCID', short_name: 'orcid', domains: ['orcid.org'] },
  ],
  identities: [
    {
      id: people.maya,
      username: 'maya.okafor@harbour.example',
      name: 'Maya Okafor',
      email: 'maya.okafor@harbour.example',
      organization: 'Harbour University',
    },
    // Outside the range that ORCID gives out, so that it is nobody's.
    { id: people.mayaOrcid, username: '0000-0000-0042-0010@orcid.org', name: 'Maya Okafor', linked_to: people.maya },
    {
      id: people.zoe,
      username: 'zoe.nunez@harbour.example',
      name: 'Zoë <b>Núñez</b>',
      email: 'zoe.nunez@harbour.example',
      organization: 'Harbour University',
    },
    {
      id: people.ingrid,
      username: 'ingrid.solheim@hospital.example',
      name: 'Ingrid Solheim',
      email: 'ingrid.solheim@hospital.example',
      organization: 'Harbour Hospital',
      mfa: true,
    },
    { id: people.sam, username: 'sam@globusid.org', name: 'Sam' },
  ],
  clients: [
    {
      id: clients.portal,
      name: 'Harbour Portal',
      client_type: 'confidential_client',
      redirect_uris: ['http://localhost:8888/login'],
      project: demo.projects.harbour,
    },
    {
      id: clients.exampleApp,
      name: 'Example App',
      client_type: 'confidential_client',
      redirect_uris: ['http://localhost:5000/login'],
      project: demo.projects.harbour,
    },
    { id: clients.tutorial, name: 'SDK Tutorial', client_type: 'public_installed_client', redirect_uris: [] },
    { id: clients.cli, name: 'Globus CLI', client_type: 'public_installed_client', redirect_uris: [] },
    {
      id: clients.browserApp,
      name: 'Browser App',
      client_type: 'public_webapp_client',
      redirect_uris: browserAppRedirects(),
      project: demo.projects.harbour,
    },
    {
      id: clients.tideApi,
      name: 'Tide Gauge API',
      client_type: 'resource_server',
      redirect_uris: [],
      project: demo.projects.harbour,
    },
  ],
  projects: [
    {
      id: demo.projects.harbour,
      display_name: 'Harbour University apps',
      contact_email: 'maya.okafor@harbour.example',
      admin_ids: [people.maya],
    },
  ],
  policies: [
    {
      id: demo.policies.hospital,
      project_id: demo.projects.harbour,
      display_name: 'Harbour Hospital patients’ data',
      description: 'A login with the hospital within the last half hour, with a second factor',
      high_assurance: true,
      required_mfa: true,
      authentication_assurance_timeout: 1800,
      domain_constraints_include: ['hospital.example'],
    },
  ],
  scopes: [
    {
      id: '0a1c7f52-3a5e-4d0c-9c63-2f9c0e7b9001',
      scope_string: demo.scopes.tideApi,
      client: clients.tideApi,
      description: 'Read and copy the tide tables of Harbour University',
      dependent_scopes: [{ scope: 'urn:globus:auth:scope:transfer.api.globus.org:all' }],
    },
  ],
}

/** Where the development servers of browser apps usually listen, and what their pages for the answer are usually called. */
function browserAppRedirects(): string[] {
  const origins = ['localhost', '127.0.0.1'].flatMap((host) =>
    [3000, 4173, 5173, 8080].map((port) => `http://${host}:${port}`),
  )
  return origins.flatMap((origin) => ['', '/', '/login', '/callback', '/authenticate'].map((path) => origin + path))
}
