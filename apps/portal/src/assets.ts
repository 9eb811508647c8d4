import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadScripts, type Script, type ScriptName } from './scripts.ts'

/** Stylesheets and the files that each is put together from, in this order. */
const stylesheets = {
  'portal.css': ['base.css', 'frame.css', 'parts.css', 'prose.css', 'steps.css'],
  'collections.css': ['collections.css'],
  'files.css': ['files.css'],
  'preview.css': ['preview.css'],
  'transfers.css': ['forms.css', 'transfers.css'],
  'sharing.css': ['forms.css', 'sharing.css'],
  'data.css': ['data.css'],
  'search.css': ['search.css'],
  'admin.css': ['admin.css'],
} as const
const images = ['mark.svg', 'tide.svg'] as const

type ImageName = (typeof images)[number]
export type StyleName = keyof typeof stylesheets
export type AssetName = ImageName | StyleName

export interface Asset {
  readonly name: AssetName
  readonly type: string
  readonly body: string
  /** Changes with the content; also the version in the address. */
  readonly version: string
}

export interface Assets {
  readonly all: readonly Asset[]
  readonly scripts: readonly Script[]
  /** The usual mark as a part of a page, only to look at. Markup. */
  readonly mark: string
  /** Address that may be cached for ever. */
  href(name: AssetName): string
  /** Address of a script that pages start with. It may be cached for ever. */
  scriptHref(name: ScriptName): string
}

/** Reads every file that pages need into memory: there is no path from a request to the disk. */
export function loadAssets(): Assets {
  // The stylesheets name images by their version: they come first.
  const pictures = images.map((name) => asset(name, 'image/svg+xml', read(name)))
  const sheets = styleNames().map((name) => {
    const source = stylesheets[name].map((file) => compact(read(file))).join('\n')
    return asset(name, 'text/css; charset=utf-8', withVersions(source, pictures))
  })
  const all = [...pictures, ...sheets]
  const addresses = new Map(all.map((one) => [one.name, addressOf(one)]))
  const scripts = loadScripts()
  return {
    all,
    scripts: scripts.all,
    mark: inline(read('mark.svg')),
    href: (name) => addresses.get(name) ?? `/assets/${name}`,
    scriptHref: (name) => scripts.href(name),
  }
}

function styleNames(): StyleName[] {
  // The keys of the table are what StyleName is made of.
  return Object.keys(stylesheets) as StyleName[]
}

function read(name: string): string {
  return readFileSync(join(import.meta.dirname, 'assets', name), 'utf8')
}

/** Without comments and indentation, which only readers of the source need. No text in a stylesheet spans lines. */
function compact(css: string): string {
  const lines = css.replaceAll(/\/\*[\s\S]*?\*\//g, '').split('\n')
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n')
}

function inline(svg: string): string {
  return svg.replace('<svg ', '<svg aria-hidden="true" width="36" height="36" ').replaceAll('\n', '')
}

function asset(name: AssetName, type: string, body: string): Asset {
  return { name, type, body, version: hash('sha256', body, 'base64url').slice(0, 16) }
}

function addressOf({ name, version }: Asset): string {
  return `/assets/${name}?v=${version}`
}

function withVersions(css: string, pictures: readonly Asset[]): string {
  return pictures.reduce((text, one) => text.replaceAll(`url('${one.name}')`, `url('${addressOf(one)}')`), css)
}
