import { demo } from '../demo.ts'
import type { SeedTools } from '../seed.ts'
import { demoGroupList, demoMail, demoMemberships } from './demo-groups.ts'

/** Puts the groups of the demo world into a world that has none of them yet. What somebody changed stays changed. */
export function plantDemoGroups({ world, clock }: SeedTools): void {
  const missing = demoGroupList.filter(({ id }) => world.groups.find(id) === undefined)
  const now = clock.now()
  for (const group of missing) {
    world.groups.put({ ...group, createdAt: now })
    const members = demoMemberships.filter((one) => one.group === group.id)
    for (const one of members) world.memberships.put({ ...one, updatedAt: now })
  }
  if (missing.some(({ id }) => id === demo.groups.tideCrew)) world.outbox.add({ ...demoMail, sentAt: now })
}
