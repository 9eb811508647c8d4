import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import type { Hono } from 'hono'
import { inkOn } from './config/colours.ts'
import { imageType } from './config/images.ts'
import type { PortalConfig, SiteConfig } from './config/types.ts'
import { sendCached } from './handlers/assets.ts'

/** What the settings bring along that browsers load: colours, logo, images of datasets. Read into memory at start. */
export interface Branding {
  readonly all: readonly BrandFile[]
  /** A stylesheet that follows all others; undefined: the usual colours. */
  readonly stylesheet: string | undefined
  /** Undefined: the usual mark. */
  readonly logo: string | undefined
  /** Addresses by the ids of datasets. */
  readonly images: ReadonlyMap<string, string>
}

interface BrandFile {
  readonly path: string
  readonly type: string
  readonly body: Uint8Array<ArrayBuffer>
  readonly version: string
}

export function loadBranding({ datasets, site }: Pick<PortalConfig, 'datasets' | 'site'>): Branding {
  const colours = accentStyles(site.accent)
  const stylesheet = colours === '' ? undefined : make('colours.css', 'text/css; charset=utf-8', Buffer.from(colours))
  const logo = site.logo === undefined ? undefined : image('logo', site.logo)
  const images = datasets.flatMap(({ id, image: path }) =>
    path === undefined ? [] : [[id, image(`dataset-${id}`, path)] as const],
  )
  const files = [stylesheet, logo, ...images.map(([, file]) => file)]
  return {
    all: files.filter((file) => file !== undefined),
    stylesheet: stylesheet && addressOf(stylesheet),
    logo: logo && addressOf(logo),
    images: new Map(images.map(([id, file]) => [id, addressOf(file)])),
  }
}

/** An SVG is a document that could hold scripts: opened by itself, it is cut off from everything. */
const sandbox = "sandbox; default-src 'none'; style-src 'unsafe-inline'"

export function addBrandingRoutes(app: Hono, { all }: Branding): void {
  for (const file of all) {
    app.get(file.path, (c) => {
      if (file.type === 'image/svg+xml') c.header('Content-Security-Policy', sandbox)
      return sendCached(c, file)
    })
  }
}

function image(name: string, path: string): BrandFile {
  return make(name + extname(path).toLowerCase(), imageType(path) ?? 'application/octet-stream', readFileSync(path))
}

function make(name: string, type: string, body: Buffer): BrandFile {
  const version = hash('sha256', body, 'base64url').slice(0, 16)
  return { path: `/assets/brand/${name}`, type, body: new Uint8Array(body), version }
}

function addressOf({ path, version }: BrandFile): string {
  return `${path}?v=${version}`
}

/** Both schemes can have their own. They were checked for contrast when the settings were read. */
function accentStyles({ dark, light }: SiteConfig['accent']): string {
  const rules = (colour: string, towards: string) =>
    `--accent:${colour};--accent-hover:color-mix(in srgb,${colour} 80%,${towards});--on-accent:${inkOn(colour)}`
  const own = light === undefined ? '' : `@media (prefers-color-scheme:light){:root{${rules(light, 'black')}}}\n`
  return dark === undefined ? own : `${own}@media (prefers-color-scheme:dark){:root{${rules(dark, 'white')}}}\n`
}
