import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { demo } from '@pierhead/emulator'
import { logIn, type Setting } from './setting.ts'
import { linksOf, type Visitor } from './visitor.ts'

export const { collections } = demo

/** The folder of this machine that a collection is made of. */
export function folderOf({ emulator }: Setting, id: string): string {
  const root = emulator.info().collections.find((collection) => collection.id === id)?.root
  if (root === undefined || root === null) throw new Error(`There is no collection ${id} with files.`)
  return root
}

/** Puts files into a collection, as if they had always been there. */
export function plant(setting: Setting, id: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folderOf(setting, id), path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
  }
}

/** Somebody who is logged in. */
export async function visitAs(setting: Setting, name: string): Promise<Visitor> {
  const visitor = setting.visitor()
  await logIn(visitor, name)
  return visitor
}

/** Opens a page, and allows at Globus what is asked for on the way. */
export async function openAllowing(visitor: Visitor, path: string): Promise<void> {
  await visitor.open(path)
  for (let asked = 0; asked < 4 && visitor.page.url.pathname === '/p/consent'; asked += 1) await visitor.press('Allow')
}

/** Lets the portal read and write files of a collection. */
export function enable(visitor: Visitor, id: string): Promise<void> {
  return openAllowing(visitor, `/collections/${id}/files/enable`)
}

/** The token that a page's script would send along. */
export function csrfOf({ page }: Visitor): string {
  return /<meta name="csrf-token" content="([^"]+)"/.exec(page.body)?.[1] ?? ''
}

/** Names in the listing of the page, as their fields hold them. */
export function namesOn({ page }: Visitor): string[] {
  return [...page.body.matchAll(/name="name" value="([^"]*)"/g)].map(([, name = '']) => decodeURIComponent(name))
}

/** Where the names of files in the listing of the page lead. */
export function previewsOn({ page }: Visitor): URL[] {
  const addresses = linksOf(page.body).map(({ href }) => new URL(href, page.url))
  return addresses.filter(({ pathname }) => pathname.endsWith('/preview'))
}
