import { defineConfig } from 'vitest/config'

const conditions = ['pierhead-source', 'node', 'import', 'module', 'default']
const resolve = { conditions }

export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        ssr: { resolve },
        test: { name: 'pierhead', root: 'packages/pierhead', include: ['test/**/*.test.ts'] },
      },
      {
        resolve,
        ssr: { resolve },
        test: { name: 'emulator', root: 'packages/emulator', include: ['test/**/*.test.ts'] },
      },
      { resolve, ssr: { resolve }, test: { name: 'portal', root: 'apps/portal', include: ['test/**/*.test.ts'] } },
      { resolve, ssr: { resolve }, test: { name: 'tools', root: 'tools', include: ['test/**/*.test.ts'] } },
      {
        resolve,
        ssr: { resolve },
        test: { name: 'e2e', root: 'e2e', include: ['**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
      },
    ],
  },
})
