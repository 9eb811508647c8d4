import type { Mutant } from '../lib/mutants.ts'

const source = 'apps/portal/src/'
const againTests = { project: 'portal', files: ['test/transfers-again'] }

/** What the portal remembers of people, and whom it tells; and what it must not guess. */
export const mutants: readonly Mutant[] = [
  {
    name: 'the portal tells one person what another one ordered',
    file: `${source}transfers/past-orders.ts`,
    find: '${subject} ${taskId.toLowerCase()}',
    replace: '${taskId.toLowerCase()}',
    tests: againTests,
  },
  {
    name: 'the portal repeats a folder as if its files had been chosen',
    file: `${source}transfers/order-of-task.ts`,
    find: '[task.directories, task.symlinks,',
    replace: '[task.symlinks,',
    tests: againTests,
  },
  {
    name: 'the portal copies everything again after a failure',
    file: `${source}handlers/transfers/again.ts`,
    find: "{ ...options, sync: 'checksum' }",
    replace: 'options',
    tests: againTests,
  },
  {
    name: 'the portal shows what one person could count to another one',
    file: `${source}data/tree-sizes.ts`,
    find: '`${id} ${collection} ${path}`',
    replace: '`${collection} ${path}`',
    tests: { project: 'portal', files: ['test/dataset-sizes'] },
  },
  {
    name: 'the portal shows the numbers of one person’s lists to another one',
    file: `${source}collections/tab-counts.ts`,
    find: '=> `${id} ${query}`',
    replace: '=> query',
    tests: { project: 'portal', files: ['test/collections'] },
  },
]
