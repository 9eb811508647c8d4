import { defineConfig } from 'vitest/config'

// Neither 'import' nor 'require': Node adds the right one, and 'require' of a package with both must not get its ES module.
const conditions = ['pierhead-source', 'node', 'module']
const resolve = { conditions }

/** Tests in a real browser that `npm test` has no time for; it has others. */
const longInBrowser = [
  'browser-forgery',
  'browser-portal',
  'browser-proxy',
  'browser-tabs',
  'emulator-pages',
  'guides',
  'playwright-fixture',
].map((name) => `${name}.test.ts`)

/**
 * Milliseconds. Deadlines of tests only end what hangs: none of them says how fast something is, and a machine that runs
 * two rows of suites takes many times as long as a quiet one.
 */
const usualTimeout = 60_000
/** What `expect.poll` waits for at most. */
const patience = 30_000

/** Databases that many processes share, when they or a process are lost. */
const sharedStores = [
  'e2e/scale/*.test.ts',
  'e2e/portal-stores.test.ts',
  'packages/pierhead/test/session-store/*-outages.test.ts',
]

/** One project for each part; `--project NAME` runs it alone. */
function project(
  name: string,
  root: string,
  options: { include?: string[]; exclude?: string[]; timeout?: number; isolate?: boolean } = {},
) {
  const timeout = options.timeout ?? usualTimeout
  return {
    resolve,
    ssr: { resolve },
    test: {
      name,
      root,
      include: options.include ?? ['test/**/*.test.ts'],
      exclude: ['**/node_modules/**', ...(options.exclude ?? [])],
      // Where nothing is kept in modules, one process may load them once for many files.
      isolate: options.isolate ?? true,
      testTimeout: timeout,
      hookTimeout: timeout,
      expect: { poll: { timeout: patience } },
      unstubEnvs: true,
      unstubGlobals: true,
      restoreMocks: true,
    },
  }
}

export default defineConfig({
  test: {
    // Files that start servers and browsers need a core each.
    maxWorkers: 2,
    projects: [
      project('pierhead', 'packages/pierhead', { exclude: ['test/session-store/*-outages.test.ts'] }),
      // A production server of Next.js, which `npm run test:next` installs and builds elsewhere.
      project('next', '.', { include: ['{packages/pierhead/test,e2e}/next/*.next.ts'], timeout: 300_000 }),
      project('emulator', 'packages/emulator', { isolate: false }),
      project('portal', 'apps/portal', { isolate: false, timeout: 120_000 }),
      project('tools', 'tools', { timeout: 120_000 }),
      project('bench', 'bench'),
      project('e2e', 'e2e', {
        include: ['*.test.ts'],
        exclude: [...longInBrowser, 'portal-stores.test.ts'],
        timeout: 180_000,
      }),
      // Every path through the portal's pages, in Chromium, and what else takes long there: `npm run test:browser`. Pictures are
      // left in test-results/portal.
      project('browser', 'e2e', { include: ['portal/*.test.ts', ...longInBrowser], timeout: 240_000 }),
      // Unmodified clients from PyPI judge the emulator: `npm run test:clients`, not `npm test`.
      project('clients', 'e2e/clients', { include: ['*.test.ts'], timeout: 600_000 }),
      // Eight processes at a time, and a provider that takes its time: `npm run test:refresh`.
      project('refresh', 'e2e/refresh', { include: ['*.test.ts'], timeout: 180_000 }),
      // Apache and nginx in front, with streams that are silent for over a minute: `npm run test:proxies`.
      project('proxies', 'e2e/proxies', { include: ['*.test.ts'], timeout: 300_000 }),
      // Four portals behind nginx, with Redis and PostgreSQL, that are killed and restarted under load: `npm run test:scale`.
      project('scale', '.', { include: sharedStores, timeout: 300_000 }),
      // Installs the examples and drives them with a browser: `npm run test:examples`.
      project('examples', 'e2e/examples', { include: ['*.test.ts'], timeout: 900_000 }),
    ],
  },
})
