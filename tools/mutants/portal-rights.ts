import type { Mutant } from '../lib/mutants.ts'

const source = 'apps/portal/src/'
const grantTests = { project: 'portal', files: ['test/grants'] }
const clickTests = { project: 'portal', files: ['test/two-processes'] }

/** What the portal does at Globus for people, and with whose right. */
export const mutants: readonly Mutant[] = [
  {
    name: 'the portal gives access to a dataset that does not say so',
    file: `${source}handlers/data/access.ts`,
    find: 'if (dataset.grant === undefined || dataset.access === undefined)',
    replace: 'if (dataset.access === undefined)',
    tests: grantTests,
  },
  {
    name: 'the portal gives access to who does not meet the conditions',
    file: `${source}handlers/data/access.ts`,
    find: '    await requireAccess(c, dataset.access, options)\n',
    replace: '',
    tests: grantTests,
  },
  {
    name: 'the portal gives access by what Groups said a minute ago',
    file: `${source}handlers/data/access.ts`,
    find: 'fresh: 0',
    replace: 'fresh: 60',
    tests: grantTests,
  },
  {
    name: 'the portal gives access without a line in the log',
    file: `${source}handlers/data/access.ts`,
    find: '    note(granted)\n',
    replace: '',
    tests: grantTests,
  },
  {
    name: 'the portal gives more than reading',
    file: `${source}data/grants.ts`,
    find: "permissions: 'r'",
    replace: "permissions: 'rw'",
    tests: grantTests,
  },
  {
    name: 'the portal shares a folder twice for two clicks',
    file: `${source}sharing/once.ts`,
    find: 'if (!isHeld) {',
    replace: '{',
    tests: clickTests,
  },
]
