import { chmodSync, chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { demo } from '../../src/index.ts'
import { startVictim } from '../kill/victim.ts'
import { createTransferRig, item, logIn, personWith, type Json, type Person } from './support.ts'

const { collections: c, people } = demo
/** No file system refuses anything to root, so that the emulator runs as nobody then. */
const NOBODY = process.getuid?.() === 0 ? 65_534 : undefined
const within = { source_endpoint: c.oddNames, destination_endpoint: c.tenThousandBuoys, skip_source_errors: true }

interface Rig {
  readonly by: Person
  /** Where the files of the collections are. */
  readonly source: string
  readonly target: string
}

async function rig(): Promise<Rig> {
  const dataDir = mkdtempSync(join(tmpdir(), 'pierhead-permission-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
  const { emulator, path, write } = createTransferRig({ dataDir })
  await write(c.oddNames, 's/open', 'open')
  await write(c.oddNames, 's/closed', 'closed')
  await write(c.tenThousandBuoys, 'd/old', 'old')
  const token = await logIn(emulator, people.maya, [])
  const roots = { source: path(c.oddNames), target: path(c.tenThousandBuoys) }
  emulator.close()
  give(dataDir)
  const victim = startVictim(dataDir, NOBODY)
  onTestFinished(() => victim.kill())
  return { ...roots, by: personWith(token, { origin: await victim.listening, fetch }) }
}

/** Everything below a folder, and it, to the user that the emulator runs as. */
function give(folder: string): void {
  if (NOBODY === undefined) return
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
  for (const entry of paths) chownSync(join(entry.parentPath, entry.name), NOBODY, NOBODY)
  chownSync(folder, NOBODY, NOBODY)
}

const show = async (by: Person, id: string): Promise<Json> => (await by.get(`/v0.10/task/${id}`)).body

it('REL-60 skips a file that the storage does not let it read, and says why', { timeout: 120_000 }, async () => {
  const { by, source } = await rig()
  chmodSync(join(source, 's', 'closed'), 0)
  const id = await by.transfer({ ...within, DATA: [item('/s/', '/d/')] })
  await expect
    .poll(() => show(by, id), { timeout: 100_000 })
    .toMatchObject({ status: 'SUCCEEDED', files_transferred: 1 })
  const { data } = await by.get(`/v0.10/task/${id}/skipped_errors`)
  expect(data).toMatchObject([{ error_code: 'PERMISSION_DENIED', source_path: '/s/closed', error_details: 'EACCES' }])
})

it(
  'never takes a destination that refuses for a source, and goes on when it gives in',
  { timeout: 120_000 },
  async () => {
    const { by, target } = await rig()
    chmodSync(join(target, 'd'), 0o555)
    const id = await by.transfer({ ...within, DATA: [item('/s/open', '/d/open')] })
    await expect
      .poll(() => show(by, id), { timeout: 100_000 })
      .toMatchObject({ status: 'ACTIVE', is_ok: false, nice_status: 'PERMISSION_DENIED', subtasks_skipped_errors: 0 })
    const { data } = await by.get(`/v0.10/task/${id}/event_list`, { limit: '100' })
    const event = data.find(({ code }) => code === 'PERMISSION_DENIED')
    expect(event?.['details']).toContain('File: /d/open')
    chmodSync(join(target, 'd'), 0o755)
    await expect
      .poll(() => show(by, id), { timeout: 100_000 })
      .toMatchObject({ status: 'SUCCEEDED', files_transferred: 1 })
  },
)

it('answers a listing that the storage refuses with the code of a refusal', { timeout: 120_000 }, async () => {
  const { by, source } = await rig()
  chmodSync(join(source, 's'), 0)
  const { status, body } = await by.get(`/v0.10/operation/endpoint/${c.oddNames}/ls`, { path: '/s/' })
  expect([status, body['code']]).toEqual([502, 'ExternalError.DirListingFailed.PermissionDenied'])
})
