const types: Readonly<Record<string, string>> = {
  avif: 'image/avif',
  bmp: 'image/bmp',
  csv: 'text/csv; charset=utf-8',
  gif: 'image/gif',
  gz: 'application/gzip',
  h5: 'application/x-hdf5',
  html: 'text/html',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  json: 'application/json',
  log: 'text/plain; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  nc: 'application/x-netcdf',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  tar: 'application/x-tar',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  tsv: 'text/tab-separated-values; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  wav: 'audio/wav',
  webp: 'image/webp',
  xml: 'application/xml',
  yaml: 'application/yaml',
  yml: 'application/yaml',
  zip: 'application/zip',
}

/** The media type of a file, by the end of its name. Programs and style sheets have none that a browser would run. */
export function contentTypeOf(name: string): string {
  const ending = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1]?.toLowerCase()
  return (ending === undefined ? undefined : types[ending]) ?? 'application/octet-stream'
}

/** What a browser shows without running anything; all else is saved. */
const shown = /^(image\/(?!svg)|audio\/|video\/|text\/(?!html)|application\/(json|pdf|yaml)\b)/

/** `Content-Disposition` of a file (RFC 6266): saved when asked for, or when a browser would take it for a page. */
export function contentDisposition(name: string, download: boolean): string {
  const how = download || !shown.test(contentTypeOf(name)) ? 'attachment' : 'inline'
  const plain = name.replace(/[^\u0020-\u007e]|["\\%]/g, '_')
  const exact = encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, escape)
  return `${how}; filename="${plain}"; filename*=UTF-8''${exact}`
}
