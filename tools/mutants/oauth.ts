import type { Mutant } from '../lib/mutants.ts'

/** Checks of the protocol steps. */
export const mutants: readonly Mutant[] = [
  {
    name: 'the nonce of the ID token is not compared',
    file: 'packages/pierhead/src/lib/oauth/id-token.ts',
    find: "if (expected.nonce !== undefined && claims['nonce'] !== expected.nonce)",
    replace: 'if (false)',
    tests: { project: 'pierhead', files: ['test/oauth/id-token'] },
  },
]
