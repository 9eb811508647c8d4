import type { Hono } from 'hono'
import type { Asset, Assets } from '../assets.ts'

const forever = 'public, max-age=31536000, immutable'

/** Serves what `loadAssets` read. An address with the current version is cached for ever, any other is checked each time. */
export function addAssetRoutes(app: Hono, assets: Assets): void {
  for (const asset of assets.all) {
    app.get(`/assets/${asset.name}`, (c) => {
      const headers = headersOf(asset, c.req.query('v'))
      if (matches(c.req.header('if-none-match'), headers.etag)) return c.body(null, 304, headers)
      return c.body(asset.body, 200, { ...headers, 'content-type': asset.type })
    })
  }
  const headers = { 'cache-control': forever, 'content-type': 'text/javascript; charset=utf-8' }
  for (const { path, body } of assets.scripts) app.get(path, (c) => c.body(body, 200, headers))
}

function headersOf(asset: Asset, version: string | undefined) {
  return { etag: `"${asset.version}"`, 'cache-control': version === asset.version ? forever : 'public, no-cache' }
}

/** RFC 9110 section 13.1.2, with the weak comparison that it asks for. */
function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return tags.includes(etag) || tags.includes('*')
}
