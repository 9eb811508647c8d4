import { plantDemoGroups } from '../groups/plant-groups.ts'
import { plantDemoIndex } from '../search/plant-search.ts'
import type { SeedTools } from '../seed.ts'

/** Puts what Groups and Search have in the demo world into the world. */
export function plantServices(tools: SeedTools): void {
  tools.world.transaction(() => {
    plantDemoGroups(tools)
    plantDemoIndex(tools)
  })
}
