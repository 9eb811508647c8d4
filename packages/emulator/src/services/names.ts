/** The operations beside Auth and Transfer that count as endpoints of their own for faults. */
export const serviceOperations = [
  'groups',
  'group-membership',
  'search',
  'search-index',
  'search-ingest',
  'timers',
  'flows',
] as const

export type ServiceOperation = (typeof serviceOperations)[number]
