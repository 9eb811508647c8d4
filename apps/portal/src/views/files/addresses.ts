/** A folder of a collection, and how it is looked at. What is absent is not in the address. */
export interface FilesPlace {
  readonly id: string
  /** Default: where the collection opens. */
  readonly path?: string | undefined
}

/** The address at which the files page shows a folder. */
export function filesUrl({ id, path }: FilesPlace): string {
  const query = path === undefined ? '' : `?${new URLSearchParams({ path })}`
  return `/collections/${id}/files${query}`
}
