const numbered = (group: string, count: number): readonly string[] =>
  Array.from(
    { length: count },
    (_, index) => `5e2f8a40-9b1c-4d3e-${group}-0c4b7d6e${String(index + 1).padStart(4, '0')}`,
  )

const named = {
  harbourServer: '5e2f8a40-9b1c-4d3e-8a00-0c4b7d6e4001',
  hospitalServer: '5e2f8a40-9b1c-4d3e-8a00-0c4b7d6e4002',
  tidalSurveyArchive: '5e2f8a40-9b1c-4d3e-8a00-0c4b7d6e4003',
  tidalSurveyPublic: '5e2f8a40-9b1c-4d3e-8a00-0c4b7d6e4004',
  tideCrewWorkspace: '5e2f8a40-9b1c-4d3e-8a00-0c4b7d6e4005',
  campusClusterScratch: '5e2f8a40-9b1c-4d3e-8a00-0c4b7d6e4006',
  mayasLaptop: '5e2f8a40-9b1c-4d3e-8a00-0c4b7d6e4007',
  hospitalImaging: '5e2f8a40-9b1c-4d3e-8a00-0c4b7d6e4008',
  samsLaptop: '5e2f8a40-9b1c-4d3e-8a00-0c4b7d6e4009',
  quotaCorner: '5e2f8a40-9b1c-4d3e-8a00-0c4b7d6e4010',
  microscope3: '5e2f8a40-9b1c-4d3e-8a00-0c4b7d6e4011',
  oddNames: '5e2f8a40-9b1c-4d3e-8a00-0c4b7d6e4012',
  tenThousandBuoys: '5e2f8a40-9b1c-4d3e-8a00-0c4b7d6e4013',
  /** The tutorial collections of Globus, with their real ids. */
  tutorial1: '6c54cade-bde5-45c1-bdea-f4bd71dba2cc',
  tutorial2: '31ce9ba0-176d-45a5-add3-f37d233ba47d',
} as const

type Named = Readonly<Record<keyof typeof named, string>>

/** The ids of the demo world's collections. They never change. `small`: 150 of Maya's, so that paging shows. */
export const demoCollections: Named & { readonly small: readonly string[] } = { ...named, small: numbered('8a01', 150) }

/** The search indexes of the demo world. */
export const demoSearchIndexes: { readonly harbourData: string } = {
  harbourData: '8e1f2a3b-4c5d-4e6f-8a7b-9c0d1e2f6001',
}

/** The groups of the demo world. */
export const demoGroups: Readonly<Record<'tideCrew' | 'portalUsers' | 'harbourSubscription' | 'subscription', string>> =
  {
    tideCrew: '0c9d4e58-2f6a-4b7c-9e10-5a3b8c7d5001',
    portalUsers: '0c9d4e58-2f6a-4b7c-9e10-5a3b8c7d5002',
    /** Stands for a subscription, whose own id is the next one. */
    harbourSubscription: '0c9d4e58-2f6a-4b7c-9e10-5a3b8c7d5003',
    subscription: '0c9d4e58-2f6a-4b7c-9e10-5a3b8c7d5101',
  }
