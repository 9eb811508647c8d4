import { emptyPane, placeUrl } from '../../files/place.ts'

/** The address of a folder by itself, without another pane beside it. */
export function filesUrl({ id, path }: { readonly id: string; readonly path?: string | undefined }): string {
  return placeUrl({ left: emptyPane(id, path), right: undefined })
}

/** Where a file is looked at. */
export function previewUrl(id: string, path: string): string {
  return `/collections/${id}/preview?${new URLSearchParams({ path })}`
}

/** The bytes of a file, to save or to show inside a page. */
export function contentUrl(id: string, path: string, use: 'save' | 'show'): string {
  return `/collections/${id}/content?${new URLSearchParams({ ...(use === 'show' ? { show: '1' } : {}), path })}`
}
