import * as z from 'zod'
import type { FilterRule } from './protocol.ts'
import type { Task } from '../../world/tasks.ts'

const filterRule = z.object({
  method: z.enum(['include', 'exclude']),
  type: z.enum(['file', 'dir']).nullable(),
  name: z.string(),
})

/** What a task was asked to do beside its items, with every default filled in. */
export interface TaskRequest {
  /** Of the submitted document without its id: tells a repetition from another one. */
  readonly digest: string
  readonly syncLevel: number | null
  readonly verifyChecksum: boolean
  readonly preserveTimestamp: boolean
  readonly encryptData: boolean
  readonly deleteDestinationExtra: boolean
  readonly recursiveSymlinks: 'ignore' | 'keep' | 'copy'
  readonly filterRules: FilterRule[] | null
  readonly skipSourceErrors: boolean
  readonly failOnQuotaErrors: boolean
  /** Whether the deadline was asked for, so that progress does not move it. */
  readonly fixedDeadline: boolean
  readonly sourceBasePath: string | null
  readonly destinationBasePath: string | null
  /** Where the items go, as far as there are few. */
  readonly destinations: string[]
}

const request: z.ZodType<TaskRequest> = z.object({
  digest: z.string(),
  syncLevel: z.number().nullable(),
  verifyChecksum: z.boolean(),
  preserveTimestamp: z.boolean(),
  encryptData: z.boolean(),
  deleteDestinationExtra: z.boolean(),
  recursiveSymlinks: z.enum(['ignore', 'keep', 'copy']),
  filterRules: z.array(filterRule).nullable(),
  skipSourceErrors: z.boolean(),
  failOnQuotaErrors: z.boolean(),
  fixedDeadline: z.boolean(),
  sourceBasePath: z.string().nullable(),
  destinationBasePath: z.string().nullable(),
  destinations: z.array(z.string()),
})

export const requestOf = (task: Pick<Task, 'request'>): TaskRequest => request.parse(JSON.parse(task.request))
