import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from '../lib/root.ts'

const read = (path: string): Record<string, Record<string, unknown>> => {
  const document: unknown = JSON.parse(readFileSync(join(root, path), 'utf8'))
  // npm's own file format: an object, whose members are looked at one by one.
  return document as Record<string, Record<string, unknown>>
}

it.each(['pierhead', 'emulator'])('SEC-110 the package %s has at most four dependencies', (name) => {
  expect(Object.keys(read(`packages/${name}/package.json`)['dependencies'] ?? {}).length).toBeLessThanOrEqual(4)
})

it('SEC-110 every package is pinned by its hash, and none of them runs a script when it is installed', () => {
  const packages = Object.entries(read('package-lock.json')['packages'] ?? {}).filter(([path]) =>
    path.startsWith('node_modules/'),
  )
  const isOwn = (entry: unknown): boolean => typeof entry === 'object' && entry !== null && 'link' in entry
  const has = (entry: unknown, key: string): boolean => typeof entry === 'object' && entry !== null && key in entry
  const others = packages.filter(([, entry]) => !isOwn(entry))
  expect(others.length).toBeGreaterThan(50)
  expect(others.filter(([, entry]) => !has(entry, 'integrity'))).toEqual([])
  expect(others.filter(([, entry]) => has(entry, 'hasInstallScript')).map(([path]) => path)).toEqual([])
})
