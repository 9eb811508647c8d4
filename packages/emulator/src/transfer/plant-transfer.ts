import { createHash } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { demo } from '../demo.ts'
import type { SeedTools } from '../seed.ts'
import { demoAccessRules, demoCollectionList, demoRoles } from './demo-collection-list.ts'
import { plainCollection, registerScopes } from './plant-collections.ts'

/** A directory of this machine that becomes a collection. */
export interface OwnCollection {
  readonly name: string
  readonly path: string
  /** Whether the emulator may write there. */
  readonly writable: boolean
}

/** Puts the collections of the demo world and own ones into the world. What somebody changed stays changed. */
export function plantTransfer(tools: SeedTools, own: readonly OwnCollection[], withDemo = true): void {
  tools.world.transaction(() => {
    if (withDemo) plantDemo(tools)
    for (const collection of own) plantOwn(collection, tools)
  })
}

function plantDemo({ world, clock }: SeedTools): void {
  const isNew = world.collections.find(demo.collections.harbourServer) === undefined
  for (const collection of demoCollectionList) {
    if (world.collections.find(collection.id) === undefined) world.collections.put(collection)
    registerScopes(collection, world)
  }
  if (!isNew) return
  for (const rule of demoAccessRules) world.accessRules.add({ ...rule, createdAt: clock.now(), expiresAt: null })
  for (const role of demoRoles) world.collectionRoles.add(role)
}

/** An own directory is Maya's, as a guest collection: nobody has to consent, and she may share it. @throws TypeError for no directory */
function plantOwn({ name, path, writable }: OwnCollection, { world }: SeedTools): void {
  const folder = resolve(path)
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new TypeError(`Collection ${name}: ${path} is no directory`)
  const collection = {
    ...plainCollection,
    id: idOf(name),
    owner: demo.people.maya,
    displayName: name,
    entityType: 'GCSv5_guest_collection' as const,
    folder,
    readOnly: !writable,
    public: false,
  }
  world.collections.put(collection)
  registerScopes(collection, world)
}

/** The same name has the same id at every start. */
function idOf(name: string): string {
  const hex = createHash('sha256').update(`collection ${name}`).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}
