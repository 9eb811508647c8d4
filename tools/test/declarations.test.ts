import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { PackedPackage } from '../lib/pack.ts'
import { readDeclarations } from '../lib/declarations.ts'
import { referenceOf, undocumented } from '../lib/reference.ts'

const files = {
  'index.d.ts': `import { type Inner } from './lib/inner.ts';
export * from './errors.ts';
export type { TideOptions } from './lib/inner.ts';
/** Reads {@link Inner}. */
export declare function read(text: string): Inner;
export declare function read(bytes: Uint8Array): Inner;
export {};
`,
  'errors.d.ts': `/** It broke. */
export declare class TideError extends Error {
    #private;
    readonly height: number;
}
`,
  'lib/inner.d.ts': `export interface Inner {
    depth: Deeper;
}
type Deeper = number;
export interface TideOptions {
    /** Metres. */
    readonly height: number;
    readonly silent?: boolean;
}
`,
}

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

function pack(name: string): PackedPackage {
  const folder = mkdtempSync(join(tmpdir(), 'pierhead-declarations-'))
  folders.push(folder)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, 'dist', path)), { recursive: true })
    writeFileSync(join(folder, 'dist', path), text)
  }
  const exports = { '.': {}, './errors': {}, './package.json': './package.json' }
  return {
    manifest: { name, version: '1.0.0', exports, files: [], engines: { node: '>=22' } },
    folder,
    tarball: '',
    files: [],
  }
}

const pageOf = async (name: string, path: string): Promise<string> => {
  const page = (await referenceOf(pack(name), 'docs')).find((one) => one.path === `docs/${path}`)
  return page?.text ?? ''
}

describe('declarations', () => {
  it('are found through re-exports, overloads together and private members left out', () => {
    const declarations = readDeclarations(join(pack('tides').folder, 'dist'))
    const exported = declarations.exportsOf('index.d.ts')
    expect(exported.map(({ name }) => name).sort()).toEqual(['TideError', 'TideOptions', 'read'])
    const read = exported.find(({ name }) => name === 'read')
    expect(read?.text.split('\n')).toHaveLength(2)
    expect(read?.comment).toBe('Reads {@link Inner}.')
    expect(exported.find(({ name }) => name === 'TideError')?.text).not.toContain('#private')
    expect(declarations.find('index.d.ts', 'Inner')?.mentions).toEqual(['Deeper'])
  })

  it('say which exported names and options have no comment', () => {
    expect(undocumented(pack('tides'))).toEqual([
      'tides: TideOptions has no doc comment',
      'tides: TideOptions.silent has no doc comment',
    ])
  })
})

describe('the reference', () => {
  it('writes each declaration once, with links to what it mentions', async () => {
    const index = await pageOf('pierhead', 'index.md')
    expect(index).toContain(
      '### read\n\nReads `Inner`.\n\n```ts declaration\ndeclare function read(text: string): Inner\n',
    )
    expect(index).toContain('Named here: [Inner](#inner).')
    expect(index).toContain('## Types without a name outside\n\n### Inner')
    expect(await pageOf('pierhead', 'errors.md')).toContain('From other entries: [TideError](index.md#tideerror).')
  })

  it('leaves out types without a name where they lead too far', async () => {
    expect(await pageOf('tides', 'index.md')).not.toContain('### Inner')
  })
})
