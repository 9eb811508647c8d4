import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { World } from '../../world.ts'
import type { Collection } from '../../world/collections.ts'
import type { Subtask } from '../../world/subtasks.ts'
import type { Task } from '../../world/tasks.ts'
import type { CollectionRoots } from '../roots.ts'
import * as z from 'zod'
import type { ItemOptions, Job, RunOptions } from './protocol.ts'
import { requestOf } from './task-request.ts'

/** What a mover has to know about a task. */
export function runOptions(
  task: Task,
  corruptions: number,
  { world, roots }: { world: World; roots: CollectionRoots },
): RunOptions {
  const request = requestOf(task)
  const source = requireCollection(world, task.source)
  const written = requireCollection(world, task.destination ?? task.source)
  return {
    task: task.id,
    source: roots.rootOf(source),
    destination: roots.rootOf(written),
    syncLevel: request.syncLevel,
    verify: request.verifyChecksum,
    preserveTimestamp: request.preserveTimestamp,
    deleteExtra: request.deleteDestinationExtra,
    symlinks: request.recursiveSymlinks,
    filterRules: request.filterRules ?? [],
    refusal: written.readOnly ? 'EROFS' : written.full && task.type === 'TRANSFER' ? 'ENOSPC' : null,
    quotaLeft:
      written.quotaBytes === null ? null : Math.max(0, written.quotaBytes - usedBytes(roots.rootOf(written).path)),
    corruptions,
  }
}

const itemOptions: z.ZodType<ItemOptions> = z.object({
  symlink: z.boolean().exactOptional(),
  recursive: z.boolean().nullable().exactOptional(),
  externalChecksum: z.string().nullable().exactOptional(),
  algorithm: z.string().exactOptional(),
  ignoreMissing: z.boolean().exactOptional(),
  globs: z.boolean().exactOptional(),
})

export const toJob = ({ id, kind, source, destination, options }: Subtask): Job => ({
  id,
  kind,
  source,
  destination: destination ?? source,
  options: options === null ? {} : itemOptions.parse(JSON.parse(options)),
})

function requireCollection(world: World, id: string): Collection {
  const collection = world.collections.find(id)
  if (collection === undefined) throw new Error(`Collection ${id} is missing`)
  return collection
}

/** What lies in a directory, in bytes. Only collections with a quota are counted, and those are small. */
export function usedBytes(directory: string): number {
  let sum = 0
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) sum += statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0
  }
  return sum
}
