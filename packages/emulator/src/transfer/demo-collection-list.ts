import { demo } from '../demo.ts'
import type { Collection, CollectionDocument } from '../world/collections.ts'
import type { CollectionRole } from '../world/collection-roles.ts'
import type { AccessRule } from '../world/access-rules.ts'
import { plainCollection } from './plant-collections.ts'

type Given = Partial<CollectionDocument> & Pick<CollectionDocument, 'displayName' | 'entityType' | 'folder'>

const { collections: ids, people, clients, groups } = demo
const [university, hospital] = ['Harbour University', 'Harbour Hospital']

const make = (id: string, owner: string, given: Given): Omit<Collection, 'deletedAt'> => ({
  ...plainCollection,
  ...given,
  id,
  owner,
})

const mapped = 'GCSv5_mapped_collection'
const guest = 'GCSv5_guest_collection'

/** The collections of the demo world that are more than a number. */
const named: readonly Omit<Collection, 'deletedAt'>[] = [
  make(ids.harbourServer, people.maya, {
    displayName: 'Harbour Data Server',
    entityType: 'GCSv5_endpoint',
    folder: null,
    organization: university,
  }),
  make(ids.hospitalServer, people.ingrid, {
    displayName: 'Hospital Data Server',
    entityType: 'GCSv5_endpoint',
    folder: null,
    organization: hospital,
  }),
  make(ids.tidalSurveyArchive, people.maya, {
    displayName: 'Tidal Survey Archive',
    entityType: mapped,
    folder: 'tidal-survey-archive',
    description: 'Tide gauge records of twelve stations, maps and photos',
    organization: university,
    department: 'Oceanography',
    keywords: 'tide, tides, sea level, survey',
    domain: 'harbour.example',
  }),
  make(ids.tidalSurveyPublic, people.maya, {
    displayName: 'Tidal Survey, Public Release',
    entityType: guest,
    folder: 'tidal-survey-public',
    description: 'The released part of the tidal survey; anybody may read it',
    organization: university,
    keywords: 'tide, tides, sea level, open data',
    host: { id: ids.tidalSurveyArchive, path: '/release/' },
  }),
  make(ids.tideCrewWorkspace, people.maya, {
    displayName: 'Tide Crew Workspace',
    entityType: guest,
    folder: 'tide-crew-workspace',
    description: 'Where the Tide Crew works together',
    organization: university,
    keywords: 'tide, workspace',
    public: false,
    host: { id: ids.tidalSurveyArchive, path: '/crew/' },
  }),
  make(ids.campusClusterScratch, people.maya, {
    displayName: 'Campus Cluster Scratch',
    entityType: mapped,
    folder: 'campus-cluster-scratch',
    description: 'Scratch space of the campus cluster',
    organization: university,
    keywords: 'cluster, scratch, hpc',
    domain: 'harbour.example',
    bytesPerSecond: 5_000_000,
  }),
  make(ids.mayasLaptop, people.maya, {
    displayName: "Maya's Laptop",
    entityType: 'GCP_mapped_collection',
    folder: 'mayas-laptop',
    public: false,
  }),
  make(ids.hospitalImaging, people.ingrid, {
    displayName: 'Hospital Imaging',
    entityType: mapped,
    folder: 'hospital-imaging',
    description: 'Imaging studies; a recent hospital login is required',
    organization: hospital,
    keywords: 'imaging, protected data',
    domain: 'hospital.example',
    highAssurance: true,
    // Short, so that a visitor meets the second login.
    authenticationTimeoutMins: 1,
  }),
  make(ids.samsLaptop, people.sam, {
    displayName: "Sam's Laptop",
    entityType: 'GCP_mapped_collection',
    folder: 'sams-laptop',
    online: false,
  }),
  make(ids.quotaCorner, people.maya, {
    displayName: 'Quota Corner',
    entityType: mapped,
    folder: 'quota-corner',
    description: 'Has room for 20 MB',
    organization: university,
    domain: 'harbour.example',
    quotaBytes: 20_000_000,
  }),
  make(ids.microscope3, people.maya, {
    displayName: 'Microscope 3',
    entityType: mapped,
    folder: 'microscope-3',
    description: 'What the microscope wrote; read-only',
    organization: university,
    keywords: 'microscope, instrument',
    domain: 'harbour.example',
    readOnly: true,
    allowGuestCollections: false,
  }),
  make(ids.oddNames, people.maya, { displayName: 'Odd Names', entityType: guest, folder: 'odd-names' }),
  make(ids.tenThousandBuoys, people.maya, {
    displayName: 'Ten Thousand Buoys',
    entityType: guest,
    folder: 'ten-thousand-buoys',
    keywords: 'buoys, many files',
  }),
  make(ids.tutorial1, people.maya, tutorial(1)),
  make(ids.tutorial2, people.maya, tutorial(2)),
]

function tutorial(number: 1 | 2): Given {
  return {
    displayName: `Globus Tutorial Collection ${number}`,
    entityType: mapped,
    folder: `globus-tutorial-${number}`,
    description: 'A stand-in for the tutorial collection of Globus',
    keywords: 'tutorial, test, go',
  }
}

const small = ids.small.map((id, index) => {
  const number = String(index + 1).padStart(3, '0')
  return make(id, people.maya, {
    displayName: `Small Collection ${number}`,
    entityType: guest,
    folder: `small-${number}`,
    public: false,
    host: { id: ids.tidalSurveyArchive, path: `/small/${number}/` },
    // A port each would be too many.
    https: false,
  })
})

/** Every collection of the demo world. */
export const demoCollectionList: readonly Omit<Collection, 'deletedAt'>[] = [...named, ...small]

type Rule = Omit<AccessRule, 'createdAt' | 'expiresAt'>

const rule = (number: number, given: Omit<Rule, 'id' | 'path'>): Rule => ({
  ...given,
  id: `7d3e9b62-4c8f-4a1d-b200-6e5f4a3b${String(6000 + number)}`,
  path: '/',
})

const everybody = { principalType: 'all_authenticated_users', principal: '', permissions: 'r' } as const

/** Who may do what on the guest collections of the demo world. */
export const demoAccessRules: readonly Rule[] = [
  rule(1, { ...everybody, collection: ids.tidalSurveyPublic, principalType: 'anonymous' }),
  rule(2, { collection: ids.tideCrewWorkspace, principalType: 'group', principal: groups.tideCrew, permissions: 'r' }),
  rule(3, { ...everybody, collection: ids.oddNames }),
  rule(4, { ...everybody, collection: ids.tenThousandBuoys }),
]

/** The portal may share from its guest collection, and nothing else. */
export const demoRoles: readonly CollectionRole[] = [
  {
    id: '7d3e9b62-4c8f-4a1d-b200-6e5f4a3b7001',
    collection: ids.tideCrewWorkspace,
    principalType: 'identity',
    principal: clients.portal,
    role: 'access_manager',
  },
]
