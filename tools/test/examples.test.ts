import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from '../lib/root.ts'

const read = (path: string): string => readFileSync(join(root, 'examples', path), 'utf8')

it.each([
  ['login.ts', ['express', 'fastify', 'hono', 'node-http', 'spa']],
  ['pages.ts', ['express', 'fastify', 'node-http']],
])('%s is the same file in each example that copies it', (file, folders) => {
  const texts = new Set(folders.map((folder) => read(`${folder}/${file}`)))
  expect([...texts]).toHaveLength(1)
})

it.each(['express', 'fastify', 'hono', 'next', 'node-http', 'spa'])(
  'SEC-110 %s pins what it installs by hash',
  (name) => {
    // npm's own file format.
    const lock = JSON.parse(read(`${name}/package-lock.json`)) as { packages: Record<string, Record<string, unknown>> }
    const others = Object.entries(lock.packages).filter(
      ([path]) => path.includes('node_modules/') && path !== 'node_modules/pierhead',
    )
    expect(others.filter(([, entry]) => typeof entry['integrity'] !== 'string')).toEqual([])
    expect(others.filter(([, entry]) => 'hasInstallScript' in entry)).toEqual([])
    // npm links it, but where a bundler wants a copy.
    const resolved = name === 'next' ? 'file:../../packages/pierhead' : '../../packages/pierhead'
    expect(lock.packages['node_modules/pierhead']).toMatchObject({ resolved, ...(name !== 'next' && { link: true }) })
  },
)
