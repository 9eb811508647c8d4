import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, expectTypeOf, it } from 'vitest'
import type { EndpointDocument } from '@globus/sdk/services/transfer/service/endpoint'
import type { FileDocument, FileListDocument } from '@globus/sdk/services/transfer/service/file-operations'
import type { SuccessfulTransferDocument } from '@globus/sdk/services/transfer/service/task'
import type { LoginSession } from '../../src/index.ts'
import { isAuthorizationRequirementsError, isGlobusServiceError, type ErrorCode } from '../../src/errors.ts'
import type * as globus from '../../src/globus.ts'
import { transferClient } from '../../src/globus.ts'
import { refusal } from './service.ts'

declare const transfer: globus.TransferClient
declare const groups: globus.GroupsClient
declare const flows: globus.FlowsClient
declare const auth: globus.AuthClient
declare const search: globus.SearchClient
declare const timers: globus.TimersClient
declare const session: LoginSession

/** Compiled, never run: the compiler is what is tested. */
function misuse(): void {
  void transferClient(session)
  // @ts-expect-error misspelt parameter
  transfer.endpointSearch({ filter_scop: 'my-endpoints' })
  // @ts-expect-error value that does not exist
  transfer.endpointSearch({ filter_scope: 'mine' })
  // @ts-expect-error misspelt parameter
  transfer.fileOperations.ls('id', { pth: '/' })
  // @ts-expect-error a path is needed
  void transfer.fileOperations.stat('id')
  // @ts-expect-error misspelt member of a payload
  void transfer.fileOperations.mkdir('id', { paht: '/' })
  // @ts-expect-error two ids are needed
  void transfer.access.remove('id')
  // @ts-expect-error the options of the SDK are not ours
  void transfer.task.get('id', { query: {} })
  // @ts-expect-error no such method
  void transfer.task.getTransfers
  // @ts-expect-error a list is no promise
  void transfer.task.getAll().then
  // @ts-expect-error a submission has items
  void transfer.taskSubmission.submitTransfer({ source_endpoint: 'a', destination_endpoint: 'b' })
  // @ts-expect-error not spelt as the SDK spells it
  void transfer.taskSubmission.submitTransfer({} as globus.TransferSubmission).then(({ code }) => code === 'Accpeted')
  // @ts-expect-error misspelt status
  groups.groups.getMyGroups({ statuses: ['actve'] })
  // @ts-expect-error read only
  transfer.task = {}
  // @ts-expect-error a query is needed
  search.query.get('id')
  // @ts-expect-error login does this
  void auth.oauth2
}

describe('types', () => {
  it('of items are those of the SDK', () => {
    expectTypeOf(misuse).toBeFunction()
    expectTypeOf<globus.TransferClient['endpointSearch']>().returns.toExtend<globus.List<EndpointDocument>>()
    expectTypeOf<globus.TransferClient['fileOperations']['ls']>().returns.toEqualTypeOf<
      globus.List<FileDocument, FileListDocument>
    >()
    expectTypeOf<globus.TransferClient['task']['getSuccessfulTransfers']>().returns.toExtend<
      globus.List<SuccessfulTransferDocument>
    >()
    expectTypeOf<globus.GroupsClient['groups']['getMyGroups']>().returns.toEqualTypeOf<
      globus.List<globus.Group, globus.Group[]>
    >()
    expectTypeOf<typeof auth.identities.getAll>().returns.toExtend<globus.List<globus.Identity>>()
    expectTypeOf<typeof flows.flows.getAll>().returns.toExtend<globus.List<globus.Flow>>()
    expectTypeOf<typeof timers.timer.create>().returns.resolves.toEqualTypeOf<globus.TimerCreated>()
  })

  it('of answers are corrected where the SDK is wrong', () => {
    expectTypeOf<typeof transfer.task.get>().returns.resolves.toEqualTypeOf<globus.Task>()
    expectTypeOf<globus.Task['is_ok']>().toEqualTypeOf<boolean | null>()
    expectTypeOf<typeof transfer.task.cancel>().returns.resolves.toHaveProperty('code')
    expectTypeOf<globus.TransferSubmitted['code']>().toEqualTypeOf<'Accepted' | 'Duplicate'>()
  })

  it('of guards narrow, and codes are of the closed union', async () => {
    const error: unknown = await refusal(Promise.reject(new Error('other')))
    if (isGlobusServiceError(error)) {
      expectTypeOf(error.status).toEqualTypeOf<number | undefined>()
      expectTypeOf(error.code).toExtend<ErrorCode>()
    }
    if (isAuthorizationRequirementsError(error)) expectTypeOf(error.requiredScopes).toEqualTypeOf<readonly string[]>()
    expect(isGlobusServiceError(error) || isAuthorizationRequirementsError(error)).toBe(false)
  })

  it('can be read in an editor', () => {
    const text = declarationsOf({
      search: 'transfer.endpointSearch',
      ls: 'transfer.fileOperations.ls',
      get: 'transfer.task.get',
      submit: 'transfer.taskSubmission.submitTransfer',
      bookmark: 'transfer.collectionBookmarks.create',
      groups: 'groups.groups.getMyGroups',
      identities: 'auth.identities.getAll',
    })
    expect(text).toMatchInlineSnapshot(`
      "import type * as g from 'pierhead/globus';
      export declare const search: (query?: EndpointSearchQuery | undefined, options?: g.CallOptions) => g.List<EndpointDocument, EndpointSearchResult>;
      export declare const ls: (id: string, query?: DirectoryListingQuery | undefined, options?: g.CallOptions) => g.List<FileDocument, FileListDocument>;
      export declare const get: (id: string, options?: g.CallOptions) => Promise<g.Task>;
      export declare const submit: (payload: g.TransferSubmission, options?: g.CallOptions) => Promise<g.TransferSubmitted>;
      export declare const bookmark: (payload: Partial<BookmarkDocument>, options?: g.CallOptions) => Promise<BookmarkDocument>;
      export declare const myGroups: (query?: {
          statuses?: components["schemas"]["StatusEnum"][];
      } | undefined, options?: g.CallOptions) => g.List<g.Group, g.Group[]>;
      export declare const identities: (query?: {
          ids?: string | string[];
          usernames?: string | string[];
      } | undefined, options?: g.CallOptions) => g.List<g.Identity, {
          readonly identities: g.Identity[];
      }>;
      "
    `)
  })
})

/** The types that the compiler writes for these expressions, without the places where their names come from. */
function declarationsOf(expressions: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(import.meta.dirname, '.types-'))
  try {
    const lines = Object.entries(expressions).map(([name, expression]) => `export const ${name} = ${expression}`)
    const clients = `import type * as g from 'pierhead/globus'\ndeclare const transfer: g.TransferClient, groups: g.GroupsClient, auth: g.AuthClient\n`
    const names = lines.join('\n').replaceAll('const groups =', 'const myGroups =')
    writeFileSync(join(folder, 'probe.ts'), `${clients}${names}\n`)
    const root = join(import.meta.dirname, '../../../..')
    const compilerOptions = {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      outDir: 'out',
      rootDir: root,
      isolatedDeclarations: false,
    }
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ extends: join(root, 'tsconfig.base.json'), compilerOptions, files: ['probe.ts'] }),
    )
    const { stdout } = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], {
      encoding: 'utf8',
    })
    expect(stdout).toBe('')
    const inside = folder.slice(root.length + 1)
    return readFileSync(join(folder, 'out', inside, 'probe.d.ts'), 'utf8').replaceAll(/import\("[^"]+"\)\./g, '')
  } finally {
    rmSync(folder, { recursive: true })
  }
}
