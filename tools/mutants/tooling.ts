import type { Mutant } from '../lib/mutants.ts'

/** Guards of the tooling itself whose loss would cost somebody data or hide an untested check. */
export const mutants: readonly Mutant[] = [
  {
    name: 'a data folder with foreign files is taken over',
    file: 'tools/lib/data-folder.ts',
    find: '&& readdirSync(path).length > 0',
    replace: '&& false',
    tests: { project: 'tools', files: ['data-folder'] },
  },
  {
    name: 'others may read the data folder',
    file: 'tools/lib/data-folder.ts',
    find: 'chmodSync(path, 0o700)',
    replace: 'chmodSync(path, 0o755)',
    tests: { project: 'tools', files: ['data-folder'] },
  },
  {
    name: 'the kit may import the emulator',
    file: 'tools/check-layers.ts',
    find: 'if (/^packages\\/[^/]+\\/src\\//.test(path)) return',
    replace: 'if (false) return',
    tests: { project: 'tools', files: ['check-layers'] },
  },
]
