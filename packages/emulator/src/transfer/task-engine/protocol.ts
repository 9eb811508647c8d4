import type { Root } from '../../collections/tree.ts'
import type { NewSubtask, SubtaskKind } from '../../world/subtasks.ts'
import type { Failure } from './failure.ts'

/** A rule of a transfer that takes files in or leaves them out. */
export interface FilterRule {
  readonly method: 'include' | 'exclude'
  readonly type: 'file' | 'dir' | null
  readonly name: string
}

/** How a run treats what it finds. */
export interface RunOptions {
  /** The id of the task, for the names of drafts. */
  readonly task: string
  readonly source: Root
  readonly destination: Root
  readonly syncLevel: number | null
  readonly verify: boolean
  readonly preserveTimestamp: boolean
  readonly deleteExtra: boolean
  readonly symlinks: 'ignore' | 'keep' | 'copy'
  readonly filterRules: readonly FilterRule[]
  /** What the destination answers to whoever writes; null lets them. */
  readonly refusal: 'EROFS' | 'ENOSPC' | null
  /** Bytes that the destination still takes; null is no limit. */
  readonly quotaLeft: number | null
  /** How many of the next files get one byte flipped after they were written. */
  readonly corruptions: number
}

/** One subtask, as the mover needs it. */
export interface Job {
  readonly id: number
  readonly kind: SubtaskKind
  readonly source: string
  readonly destination: string
  readonly options: ItemOptions
}

/** What a submitted item says beside its paths. */
export interface ItemOptions {
  readonly symlink?: boolean
  readonly recursive?: boolean | null
  readonly externalChecksum?: string | null
  readonly algorithm?: string
  readonly ignoreMissing?: boolean
  readonly globs?: boolean
}

/** What came of one subtask. */
export interface JobResult {
  readonly id: number
  readonly kind: SubtaskKind
  readonly failure?: Failure
  /** Bytes of a copied file. */
  readonly size?: number
  readonly checksum?: string | null
  /** Whether the destination had the file already. */
  readonly skipped?: boolean
  /** Entries that were left out because nothing can be copied of them. */
  readonly ignored?: number
  /** What there is to do besides. */
  readonly found?: readonly NewSubtask[]
  /** Files and directories that are gone. */
  readonly removed?: { readonly files: number; readonly directories: number }
}

/** What a run did since it was last heard of. */
export interface Report {
  readonly results: readonly JobResult[]
  /** Deletions that have found what to remove and wait for the next order: from then on it may be missing. */
  readonly begun: readonly number[]
  readonly bytes: number
  readonly checksummed: number
  /** Whether nothing of the run is left. */
  readonly finished: boolean
}

/** What the engine tells a mover. Each is answered by one report. */
export type Order =
  | { readonly type: 'start'; readonly jobs: readonly Job[]; readonly options: RunOptions; readonly allowance: number }
  | { readonly type: 'proceed'; readonly allowance: number }
  | { readonly type: 'abort' }
  /** Removes what a killed emulator left half written. */
  | { readonly type: 'sweep'; readonly jobs: readonly Job[]; readonly options: RunOptions }

export interface OrderMessage {
  readonly run: number
  readonly order: Order
}

export interface ReportMessage {
  readonly run: number
  readonly report: Report
}
