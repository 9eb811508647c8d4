import type { Mutant } from '../lib/mutants.ts'

const session = 'packages/pierhead/src/lib/session/'
const tests = { project: 'pierhead', files: ['test/session/', 'adapters'] }

/** Sealing, cookies and the life of a session. */
export const mutants: readonly Mutant[] = [
  {
    name: 'a value sealed for one purpose opens for another',
    file: `${session}seal.ts`,
    find: 'binding.purpose, ',
    replace: '',
    tests,
  },
  {
    name: 'a value sealed for one application opens for another',
    file: `${session}seal.ts`,
    find: 'binding.context, ',
    replace: '',
    tests,
  },
  {
    name: 'the seal is not authenticated',
    file: `${session}seal.ts`,
    find: 'decipher.final()',
    replace: '',
    tests,
  },
  {
    name: 'the cookie key is not needed to open a record',
    file: `${session}session-record.ts`,
    find: 'sealers.content.seal(JSON.stringify(record.content), key)',
    replace: 'sealers.content.seal(JSON.stringify(record.content), new Uint8Array(32))',
    tests,
  },
  {
    name: 'cookies are readable by scripts',
    file: `${session}cookies.ts`,
    find: 'httpOnly: true',
    replace: 'httpOnly: false',
    tests,
  },
  {
    name: 'cookies go along with requests of other sites',
    file: `${session}cookies.ts`,
    find: "sameSite: 'lax'",
    replace: "sameSite: 'none'",
    tests,
  },
  {
    name: 'cookies are not Secure over https',
    file: `${session}cookies.ts`,
    find: "const secure = new URL(options.redirectUri).protocol === 'https:'",
    replace: 'const secure = false',
    tests,
  },
  {
    name: 'of two cookies of one name one is taken',
    file: `${session}cookies.ts`,
    find: 'for (const name of ambiguous) found.delete(name)',
    replace: '',
    tests,
  },
  {
    name: 'the idle limit is not checked',
    file: `${session}timeouts.ts`,
    find: 'return Math.min(absoluteEnd(times, limits), times.seen + limits.idle * 1000)',
    replace: 'return absoluteEnd(times, limits)',
    tests,
  },
  {
    name: 'the absolute limit is not checked',
    file: `${session}timeouts.ts`,
    find: 'return Math.min(times.ends, times.created + limits.absolute * 1000)',
    replace: 'return times.ends',
    tests,
  },
  {
    name: 'an ended cookie session is taken again',
    file: `${session}cookie-session.ts`,
    find: 'if (ended.has(state.sid)) return',
    replace: 'if (false) return',
    tests,
  },
  {
    name: 'the two values of a cookie session may be of different writes',
    file: `${session}cookie-session.ts`,
    find: 'if (first.sid !== second.sid || first.write !== second.write)',
    replace: 'if (false)',
    tests,
  },
  {
    name: 'a session that is too large for cookies is written all the same',
    file: `${session}chunks.ts`,
    find: 'if (cookies.length <= maxChunks && bytes <= maxSessionBytes) return',
    replace: 'return',
    tests,
  },
  {
    name: 'an ended session can be written again',
    file: `${session}session-census.ts`,
    find: 'await store.delete(id)',
    replace: 'await store.replace(id, endedRecord, current, { expiresAt: now() + 60_000 })',
    tests,
  },
]
