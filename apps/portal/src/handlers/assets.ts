import type { Context, Hono } from 'hono'
import type { Assets } from '../assets.ts'

const forever = 'public, max-age=31536000, immutable'

/** Serves what `loadAssets` read. An address with the current version is cached for ever, any other is checked each time. */
export function addAssetRoutes(app: Hono, assets: Assets): void {
  for (const asset of assets.all) {
    app.get(`/assets/${asset.name}`, (c) => sendCached(c, asset))
  }
  const headers = { 'cache-control': forever, 'content-type': 'text/javascript; charset=utf-8' }
  for (const { path, body } of assets.scripts) app.get(path, (c) => c.body(body, 200, headers))
}

/** Something that is in memory, under the version that its address may carry as `v`. */
interface Cached {
  readonly type: string
  readonly body: string | Uint8Array<ArrayBuffer>
  readonly version: string
}

export function sendCached(c: Context, { body, type, version }: Cached): Response {
  const headers = { etag: `"${version}"`, 'cache-control': c.req.query('v') === version ? forever : 'public, no-cache' }
  if (matches(c.req.header('if-none-match'), headers.etag)) return c.body(null, 304, headers)
  return c.body(body, 200, { ...headers, 'content-type': type })
}

/** RFC 9110 section 13.1.2, with the weak comparison that it asks for. */
function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return tags.includes(etag) || tags.includes('*')
}
