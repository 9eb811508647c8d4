import type { Task, TransferClient } from 'pierhead/globus'
import { nameOf, parentOf, parseFolder } from '../files/path.ts'
import type { PastOrder } from './past-orders.ts'
import { syncLevels, type SyncLevel } from './submission-form.ts'

/** More files are not looked at: the form would hold each of them. */
const mostFiles = 1000

/**
 * What somebody ordered elsewhere, read from the task and its list of files. The list has files only, never the items that
 * were asked for, so this is answered in the one case that leaves no doubt: a task that has succeeded, for which no folder was
 * walked, with every file in the list, all from one folder to one folder, under their own names. Undefined: nobody can know.
 */
export async function orderOfTask(transfer: TransferClient, task: Task): Promise<PastOrder | undefined> {
  const { destination_endpoint_id: destination } = task
  if (destination === null || !isPlain(task) || task.files > mostFiles) return undefined
  const list = transfer.task.getSuccessfulTransfers(task.task_id, {})
  const { items, complete } = await list.collect(task.files + 1)
  // Paths are null for people without rights on that side.
  const files = items.flatMap(({ source_path: from, destination_path: to }) =>
    from === null || to === null ? [] : [{ from, to }],
  )
  if (!complete || files.length !== task.files) return undefined
  const sourcePath = onlyFolder(files.map(({ from }) => from))
  const destinationPath = onlyFolder(files.map(({ to }) => to))
  if (sourcePath === undefined || destinationPath === undefined) return undefined
  if (!files.every(({ from, to }) => nameOf(from) === nameOf(to))) return undefined
  return {
    source: task.source_endpoint_id,
    sourcePath,
    names: files.map(({ from }) => nameOf(from)),
    destination,
    destinationPath,
    options: {
      label: task.label ?? '',
      sync: levelOf(task.sync_level),
      verify: task.verify_checksum,
      encrypt: task.encrypt_data,
      preserve: task.preserve_timestamp,
      exclude: [],
    },
  }
}

/** Nothing was walked, left out or skipped, and nothing was asked for that the portal does not offer. */
function isPlain(task: Task): boolean {
  return (
    task.type === 'TRANSFER' &&
    task.status === 'SUCCEEDED' &&
    !task.history_deleted &&
    task.files > 0 &&
    task.files === task.files_transferred &&
    [task.directories, task.symlinks, task.files_skipped, task.subtasks_skipped_errors].every((count) => count === 0) &&
    hasNoRules(task) &&
    !task.skip_source_errors &&
    !task.fail_on_quota_errors
  )
}

/** The SDK's type does not know the key. */
function hasNoRules(task: object): boolean {
  if (!('filter_rules' in task)) return false
  return task.filter_rules === null || (Array.isArray(task.filter_rules) && task.filter_rules.length === 0)
}

/** The folder that holds all files. */
function onlyFolder(paths: readonly string[]): string | undefined {
  const [folder, ...others] = new Set(paths.map(parentOf))
  // What a server makes of dots on the way is not known.
  if (others.length > 0 || folder === undefined || /\/\.\.?\//.test(folder)) return undefined
  return parseFolder(folder)
}

function levelOf(level: number | null): SyncLevel {
  // The keys of the table are what SyncLevel is made of.
  const names = Object.keys(syncLevels) as SyncLevel[]
  return names.find((name) => syncLevels[name] === (level ?? undefined)) ?? 'always'
}
