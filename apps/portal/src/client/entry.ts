/** A file or folder as pages show it. Its name is anybody's choice. */
export interface Entry {
  readonly name: string
  readonly kind: 'folder' | 'file' | 'other'
  /** Bytes; 0 for folders. */
  readonly size: number
  /** Epoch milliseconds; undefined when the storage does not say. */
  readonly modified: number | undefined
}

/** An entry on the wire between the portal and its scripts: a hundred thousand of them are a few megabytes. */
export type PackedEntry = readonly [name: string, kind: 0 | 1 | 2, size: number, modified: number | null]

const kinds = ['folder', 'file', 'other'] as const

export function packEntry({ name, kind, size, modified }: Entry): PackedEntry {
  return [name, kind === 'folder' ? 0 : kind === 'file' ? 1 : 2, size, modified ?? null]
}

export function unpackEntry([name, kind, size, modified]: PackedEntry): Entry {
  return { name, kind: kinds[kind], size, modified: modified ?? undefined }
}
