import { statSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import type { ImageFinder } from './schema.ts'

const types: Readonly<Record<string, string>> = {
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
}

/** The media type by the ending of the name; undefined where it is none that the portal shows. */
export function imageType(path: string): string | undefined {
  return types[extname(path).toLowerCase()]
}

/** Finds images by their path from a folder. */
export function imagesIn(folder: string): ImageFinder {
  return (path, mostKilobytes) => {
    const file = resolve(folder, path)
    const found = statSync(file, { throwIfNoEntry: false })
    const fits = found?.isFile() === true && found.size <= mostKilobytes * 1024
    return fits && imageType(file) !== undefined ? file : undefined
  }
}
