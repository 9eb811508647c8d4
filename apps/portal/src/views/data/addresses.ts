/** The page of a dataset, or of a folder of it. */
export function datasetUrl(id: string, folder = ''): string {
  return `/data/${id}${folder === '' ? '' : `?${new URLSearchParams({ folder })}`}`
}

/** Where the person is asked for what Globus needs. */
export function allowUrl(id: string, use: 'listing' | 'reading', folder = ''): string {
  const query = new URLSearchParams({ for: use, ...(folder === '' ? {} : { folder }) })
  return `/data/${id}/allow?${query}`
}

/** Where somebody asks for a permission to read a dataset. */
export const accessUrl = (id: string): string => `/data/${id}/access`

/** The files page with the dataset on one side, and a collection to be chosen on the other. */
export function copyUrl(collection: string, path: string): string {
  return `/collections/${collection}/files?${new URLSearchParams({ other: 'choose', path })}`
}
