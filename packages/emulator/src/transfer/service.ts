import type { EmulatorContext } from '../context.ts'
import { servesFiles } from '../https-data/data-client.ts'
import type { Collection } from '../world/collections.ts'
import { createRoots, type CollectionRoots } from './roots.ts'
import { createTaskEngine, type TaskEngine } from './task-engine/engine.ts'

/** What Transfer keeps beside the world: where the files are, and the engine that moves them. */
export interface TransferService {
  readonly roots: CollectionRoots
  readonly engine: TaskEngine
  /** When each person sent requests lately. */
  readonly requests: Map<string, number[]>
  /** Whether a task of the person that has not ended uses the collection. */
  isInUse(collection: string, owner: string): boolean
  /** The collections of the person's tasks, newest first. */
  recentlyUsed(owner: string): readonly string[]
  /** The address of a collection's files; null as long as they are not served. */
  httpsServer(collection: Collection): string | null
  /** Ends and forgets tasks, collections, rules and bookmarks; files stay. */
  forget(): void
  /** Waits for the bytes that are being moved, and stops. */
  close(): Promise<void>
}

export type TransferSurroundings = Omit<EmulatorContext, 'transfer'>

export function createTransferService(
  surroundings: TransferSurroundings,
  dataDir: string | undefined,
): TransferService {
  const { world, origins } = surroundings
  const roots = createRoots(dataDir)
  const engine = createTaskEngine({ ...surroundings, roots })
  return {
    roots,
    engine,
    requests: new Map(),
    isInUse: (collection, owner) => world.tasks.uses(owner, collection),
    recentlyUsed: (owner) =>
      Array.from(
        new Set(world.tasks.ofOwner(owner).flatMap(({ source, destination }) => [source, destination ?? source])),
      ),
    httpsServer: (collection) => (servesFiles(collection) ? origins.of(collection.id) : null),
    forget: () => engine.forget(),
    close: async () => {
      await engine.close()
      roots.close()
    },
  }
}
