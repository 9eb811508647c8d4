import type { Mutant } from '../lib/mutants.ts'

const stores = 'packages/pierhead/src/session-store/'
const tests = (name: string) => ({ project: 'pierhead', files: [`session-store/${name}`] })

/** Sessions in a database, and what stands before several processes that share one. */
export const mutants: readonly Mutant[] = [
  {
    name: 'SQLite gives out a session that has expired',
    file: `${stores}sqlite.ts`,
    find: "'SELECT id, value FROM value WHERE id = ? AND expires_at > ?'",
    replace: "'SELECT id, value FROM value WHERE id = ? AND ? <> 0'",
    tests: tests('sqlite.test'),
  },
  {
    name: 'SQLite replaces a session that another process has changed',
    file: `${stores}sqlite.ts`,
    find: "WHERE id = ? AND value = ? AND expires_at > ?'",
    replace: "WHERE id = ? AND length(?) > 0 AND expires_at > ?'",
    tests: tests('sqlite.test'),
  },
  {
    name: 'SQLite opens the database of another program',
    file: `${stores}sqlite.ts`,
    find: 'if (id !== 0 || tables !== 0) {',
    replace: 'if (id !== 0) {',
    tests: tests('sqlite.test'),
  },
  {
    name: 'Redis gives out a session that has expired',
    file: `${stores}redis.ts`,
    find: 'record !== undefined && record.expiresAt > now()',
    replace: 'record !== undefined',
    tests: tests('redis.test'),
  },
  {
    name: 'a store that does not answer is waited for without end',
    file: 'packages/pierhead/src/lib/session/deadline.ts',
    find: 'const timer = setTimeout(() => setImmediate(late), milliseconds)',
    replace: 'const timer = setTimeout(() => setImmediate(late), milliseconds * 100)',
    tests: { project: 'scale', files: ['redis-outages'] },
  },
  {
    name: 'nginx leaves a process out that was down for a moment',
    file: 'packages/pierhead/src/lib/proxy-config/nginx.ts',
    find: ' max_fails=0;',
    replace: ';',
    tests: { project: 'pierhead', files: ['proxy-config'] },
  },
  {
    name: 'a secret is made up for portals that share their sessions',
    file: 'tools/lib/stack.ts',
    find: "env.SESSION_STORE_URL || env.NODE_ENV === 'production'",
    replace: "env.NODE_ENV === 'production'",
    tests: { project: 'tools', files: ['start.test'] },
  },
]
