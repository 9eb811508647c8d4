/** Pictures that a page shows. As pictures only: whatever else such a file holds does nothing there. */
const pictures: Readonly<Record<string, string>> = {
  avif: 'image/avif',
  bmp: 'image/bmp',
  gif: 'image/gif',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  png: 'image/png',
  svg: 'image/svg+xml',
  webp: 'image/webp',
}

/** How a file is previewed. By its name alone: what its server says about it is a stranger's claim. */
export type PreviewKind = 'picture' | 'table' | 'json' | 'markdown' | 'text' | 'none'

const kinds: Readonly<Record<string, PreviewKind>> = {
  csv: 'table',
  tsv: 'table',
  json: 'json',
  geojson: 'json',
  md: 'markdown',
  markdown: 'markdown',
}

/** Endings of files that are known to be no text. Whatever else is tried as text, and its bytes decide. */
const binary = new Set(
  '7z avi bin bz2 dcm doc docx exe fits gz h5 hdf5 iso jar mat mov mp3 mp4 nc npy npz odt ods parquet pdf pkl pptx raw rar so sqlite tar tgz tif tiff wav xls xlsx xz zip zst'.split(
    ' ',
  ),
)

export function endingOf(name: string): string {
  return /\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase() ?? ''
}

/** The type under which a picture is shown; undefined for everything else. */
export function pictureType(name: string): string | undefined {
  const ending = endingOf(name)
  return Object.hasOwn(pictures, ending) ? pictures[ending] : undefined
}

export function previewKind(name: string): PreviewKind {
  const ending = endingOf(name)
  if (Object.hasOwn(pictures, ending)) return 'picture'
  if (Object.hasOwn(kinds, ending)) return kinds[ending] ?? 'text'
  return binary.has(ending) ? 'none' : 'text'
}
