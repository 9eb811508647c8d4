import { demo } from '../demo.ts'
import type { SeedTools } from '../seed.ts'
import { identityUrn } from './call.ts'
import { demoEntries } from './demo-index.ts'

/** Puts the search index of the demo world into a world that has none. What somebody changed stays changed. */
export function plantDemoIndex({ world, clock }: SeedTools): void {
  const id = demo.searchIndexes.harbourData
  if (world.searchIndexes.find(id) !== undefined) return
  const now = clock.now()
  world.searchIndexes.put({
    id,
    displayName: 'Harbour Data',
    description: 'What the tide survey has measured, by station, year and instrument',
    status: 'open',
    subscriptionId: demo.groups.subscription,
    createdAt: now,
    modifiedAt: now,
  })
  const owner = { index: id, role: 'owner', principal: identityUrn(demo.people.maya), createdAt: now } as const
  world.searchIndexes.addRole({ ...owner, id: 'MDAwMDAx' })
  for (const entry of demoEntries) world.searchEntries.put(entry)
}
