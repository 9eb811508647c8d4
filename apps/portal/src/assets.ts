import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const types = {
  'portal.css': 'text/css; charset=utf-8',
  'mark.svg': 'image/svg+xml',
  'tide.svg': 'image/svg+xml',
} as const

export type AssetName = keyof typeof types

export interface Asset {
  readonly name: AssetName
  readonly type: string
  readonly body: string
  /** Changes with the content; also the version in the address. */
  readonly version: string
}

export interface Assets {
  readonly all: readonly Asset[]
  /** Address that may be cached for ever. */
  href(name: AssetName): string
}

/** Reads every file that pages need into memory: there is no path from a request to the disk. */
export function loadAssets(): Assets {
  const versions = new Map<AssetName, string>()
  const href = (name: AssetName): string => `/assets/${name}?v=${versions.get(name) ?? ''}`
  const load = (name: AssetName, type: string): Asset => {
    const source = readFileSync(join(import.meta.dirname, 'assets', name), 'utf8')
    const body = name.endsWith('.css') ? withVersions(source, href) : source
    const version = hash('sha256', body, 'base64url').slice(0, 16)
    versions.set(name, version)
    return { name, type, body, version }
  }
  // The stylesheet names images by their version: they come first.
  const images = [load('mark.svg', types['mark.svg']), load('tide.svg', types['tide.svg'])]
  return { all: [...images, load('portal.css', types['portal.css'])], href }
}

function withVersions(css: string, href: (name: AssetName) => string): string {
  return css.replaceAll(/url\('(mark\.svg|tide\.svg)'\)/g, (_, name: 'mark.svg' | 'tide.svg') => `url('${href(name)}')`)
}
