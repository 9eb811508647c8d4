import type { Mutant } from '../lib/mutants.ts'

const source = 'apps/portal/src/'
const contentTests = { project: 'portal', files: ['test/file-content'] }
const partTests = { project: 'portal', files: ['test/file-parts'] }
const endTests = { project: 'portal', files: ['test/ended-sessions'] }
const actionTests = { project: 'portal', files: ['test/file-actions'] }

/** Files of strangers in the portal: their names, their content, and what is done with them. */
export const mutants: readonly Mutant[] = [
  {
    name: 'the portal serves a file as a page of its own',
    file: `${source}handlers/files/download.ts`,
    find: `    'content-security-policy': policy,\n`,
    replace: '',
    tests: contentTests,
  },
  {
    name: 'the portal shows a picture where it should be saved',
    file: `${source}handlers/files/download.ts`,
    find: 'const picture = show ? pictureType(name) : undefined',
    replace: 'const picture = pictureType(name)',
    tests: contentTests,
  },
  {
    name: 'the portal takes a name in a listing for markup',
    file: `${source}client/row.ts`,
    find: 'const shown = isPlain ? name : escapeHtml(visible(name))',
    replace: 'const shown = isPlain ? name : visible(name)',
    tests: partTests,
  },
  {
    name: 'the portal lets a given name lead to another folder',
    file: `${source}files/path.ts`,
    find: '!/[/\\0\\r\\n]/.test(text)',
    replace: '!/[\\0\\r\\n]/.test(text)',
    tests: partTests,
  },
  {
    name: 'the portal asks nothing before a deletion',
    file: `${source}handlers/files/delete.ts`,
    find: 'if (isUuid(id)) return { to: await submit(context, action, id) }',
    replace: 'return { to: await submit(context, action, id ?? crypto.randomUUID()) }',
    tests: actionTests,
  },
  {
    name: 'the portal takes cells of a table for markup',
    file: `${source}views/files/table-preview.ts`,
    find: "escapeHtml(row[index] ?? '')",
    replace: "row[index] ?? ''",
    tests: contentTests,
  },
  {
    name: 'the portal goes on with an upload after its session has ended',
    file: `${source}handlers/files/upload.ts`,
    find: 'signal: AbortSignal.any([signal, ended]),',
    replace: 'signal,',
    tests: endTests,
  },
  {
    name: 'the portal does not look for sessions that ended elsewhere',
    file: `${source}access/session-ends.ts`,
    find: 'if (!live.has(watched.id)) watched.end(ended())',
    replace: 'if (live.has(watched.id)) continue',
    tests: endTests,
  },
  {
    name: 'the portal goes on with an upload of somebody who lost access',
    file: `${source}access/watch-session.ts`,
    find: 'if (access === undefined) return',
    replace: 'return',
    tests: endTests,
  },
]
