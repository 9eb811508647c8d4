import { wrongName, type WrongName } from './upload-name.ts'

/** A file to send, or a folder to make, and the folder below the open one where it belongs: empty, or with a slash at its end. */
export interface Upload {
  readonly folder: string
  readonly name: string
  /** Absent: a folder. */
  readonly file?: File
}

/** Something that cannot be sent. `why` is a name of words. */
export interface Refused {
  readonly path: string
  readonly why: WrongName | 'uploadUnreadable' | 'uploadTooDeep'
}

/** What somebody dropped or chose. A folder comes before what is in it. */
export interface Found {
  readonly uploads: Upload[]
  readonly refused: Refused[]
  /** There was more than fits into one upload; nothing of it should be sent. */
  isTooMuch: boolean
}

/** As many as one folder of Globus shows. */
const most = 100_000
/** Folders in folders. Links can lead back to where they are. */
const deepest = 60

const nothingFound = (): Found => ({ uploads: [], refused: [], isTooMuch: false })

/**
 * Walks what was dropped, folder by folder. `tell` hears the number of files now and then.
 * See <https://wicg.github.io/entries-api/>
 */
export async function walkDropped(
  dropped: readonly (FileSystemEntry | File)[],
  tell: (count: number) => void,
): Promise<Found> {
  const found = nothingFound()
  for (const one of dropped) {
    if (one instanceof File) take(found, '', one)
    else await walk(found, { entry: one, folder: '', depth: 0 }, tell)
  }
  return found
}

interface Step {
  readonly entry: FileSystemEntry
  readonly folder: string
  readonly depth: number
}

async function walk(found: Found, { depth, entry, folder }: Step, tell: (count: number) => void): Promise<void> {
  if (found.isTooMuch) return
  if (isFile(entry)) {
    const file = await fileOf(entry)
    if (file === undefined) found.refused.push({ path: folder + entry.name, why: 'uploadUnreadable' })
    else take(found, folder, file)
    if (found.uploads.length % 100 === 0) tell(found.uploads.length)
    return
  }
  if (!isFolder(entry) || refuses(found, folder, entry.name)) return
  if (depth >= deepest) found.refused.push({ path: folder + entry.name, why: 'uploadTooDeep' })
  else {
    add(found, { folder, name: entry.name })
    const below = `${folder}${entry.name}/`
    const inside = await entriesOf(entry)
    if (inside === undefined) found.refused.push({ path: below, why: 'uploadUnreadable' })
    for (const one of inside ?? []) await walk(found, { entry: one, folder: below, depth: depth + 1 }, tell)
  }
}

/** Files that were chosen, alone or by a folder: browsers name only files then, so an empty folder is not among them. */
export function readChosen(files: Iterable<File>): Found {
  const found = nothingFound()
  const known = new Map<string, boolean>([['', true]])
  const isOpen = (folder: string): boolean => {
    const before = known.get(folder)
    if (before !== undefined) return before
    const parent = folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1)
    const name = folder.slice(parent.length, -1)
    const isGood = isOpen(parent) && !refuses(found, parent, name)
    if (isGood) add(found, { folder: parent, name })
    known.set(folder, isGood)
    return isGood
  }
  for (const file of files) {
    const folder = file.webkitRelativePath.slice(0, file.webkitRelativePath.lastIndexOf('/') + 1)
    if (isOpen(folder)) take(found, folder, file)
  }
  return found
}

function take(found: Found, folder: string, file: File): void {
  if (!refuses(found, folder, file.name)) add(found, { folder, name: file.name, file })
}

function add(found: Found, upload: Upload): void {
  if (found.uploads.length >= most) found.isTooMuch = true
  else found.uploads.push(upload)
}

function refuses(found: Found, folder: string, name: string): boolean {
  const why = wrongName(name)
  if (why !== undefined) found.refused.push({ path: folder + name, why })
  return why !== undefined
}

// The two kinds of entries tell themselves apart by these fields, as the specification says.
const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory

/** Undefined: it is gone, or may not be read. */
function fileOf(entry: FileSystemFileEntry): Promise<File | undefined> {
  return new Promise((resolve) => entry.file(resolve, () => resolve(undefined)))
}

async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[] | undefined> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    // Some at a time, and none at the end.
    const some = await new Promise<FileSystemEntry[] | undefined>((resolve) =>
      reader.readEntries(resolve, () => resolve(undefined)),
    )
    if (some === undefined) return undefined
    if (some.length === 0 || all.length > most) return all.sort((one, other) => (one.name < other.name ? -1 : 1))
    all.push(...some)
  }
}
