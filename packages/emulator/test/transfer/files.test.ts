import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { demo } from '../../src/index.ts'
import { createTransferRig } from './support.ts'

const { collections: c, people } = demo
const ls = (id: string): string => `/v0.10/operation/endpoint/${id}/ls`

describe('ls', () => {
  it('asks for consent on a mapped collection exactly as the real service does', async () => {
    const rig = createTransferRig()
    const maya = await rig.as(people.maya)
    const { status, body } = await maya.get(ls(c.tidalSurveyArchive))
    const scope = `urn:globus:auth:scope:transfer.api.globus.org:all[*https://auth.globus.org/scopes/${c.tidalSurveyArchive}/data_access]`
    expect(status).toBe(403)
    expect(body).toEqual({
      code: 'ConsentRequired',
      message: 'Missing required data_access consent',
      request_id: expect.stringMatching(/^[A-Za-z0-9]{9}$/),
      resource: `/operation/endpoint/${c.tidalSurveyArchive}/ls`,
      required_scopes: [scope],
      authorization_parameters: { session_message: 'Missing required data_access consent', required_scopes: [scope] },
    })
  })

  it('lists a directory after consent, with the documented keys', async () => {
    const rig = createTransferRig()
    await rig.write(c.tidalSurveyArchive, 'survey/tide.csv', 'a,b\n')
    mkdirSync(rig.path(c.tidalSurveyArchive, 'survey', 'buoys'))
    const maya = await rig.as(people.maya, [c.tidalSurveyArchive])
    const { status, body, data } = await maya.get(ls(c.tidalSurveyArchive), { path: '/~/survey' })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      DATA_TYPE: 'file_list',
      path: '/~/survey/',
      absolute_path: '/survey/',
      length: 2,
      total: 2,
    })
    expect(data.map(({ name, type }) => [name, type])).toEqual([
      ['buoys', 'dir'],
      ['tide.csv', 'file'],
    ])
    expect(data[1]).toMatchObject({ DATA_TYPE: 'file', size: 4, permissions: '0644', link_target: null })
    expect(data[1]?.['last_modified']).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+00:00$/)
  })

  it('filters, orders and cuts', async () => {
    const rig = createTransferRig()
    for (const [name, size] of [
      ['a.csv', 3],
      ['b.CSV', 1],
      ['c.txt', 2],
      ['.hidden', 9],
    ] as const)
      await rig.write(c.oddNames, name, 'x'.repeat(size))
    const maya = await rig.as(people.maya)
    const names = async (query: Record<string, string>): Promise<unknown[]> =>
      (await maya.get(ls(c.oddNames), query)).data.map(({ name }) => name)
    expect(await names({ show_hidden: '0', orderby: 'size DESC' })).toEqual(['a.csv', 'c.txt', 'b.CSV'])
    expect(await names({ filter: 'name:~*.csv' })).toEqual(['a.csv', 'b.CSV'])
    expect(await names({ filter: 'name:!~*.csv/type:file', show_hidden: 'false' })).toEqual(['c.txt'])
    expect(await names({ limit: '2', offset: '1' })).toEqual(['a.csv', 'b.CSV'])
    expect((await maya.get(ls(c.oddNames), { filter: 'nonsense:1' })).body['code']).toBe('BadRequest')
  })

  it('tells a missing directory from a file', async () => {
    const rig = createTransferRig()
    await rig.write(c.oddNames, 'file', 'x')
    const maya = await rig.as(people.maya)
    const missing = await maya.get(ls(c.oddNames), { path: '/nothing/' })
    expect([missing.status, missing.body['code']]).toEqual([404, 'ClientError.NotFound'])
    const file = await maya.get(ls(c.oddNames), { path: '/file' })
    expect([file.status, file.body['code']]).toEqual([502, 'ExternalError.DirListingFailed.NotDirectory'])
  })

  it('SEC-95 lists special files and never opens them', async () => {
    const rig = createTransferRig()
    execFileSync('mkfifo', [rig.path(c.oddNames, 'pipe')])
    const maya = await rig.as(people.maya)
    const { data } = await maya.get(ls(c.oddNames))
    expect(data.map(({ name, type }) => [name, type])).toEqual([['pipe', 'pipe']])
  })

  it('describes what a link leads to, and nothing outside', async () => {
    const rig = createTransferRig()
    await rig.write(c.oddNames, 'real/data', '12345')
    symlinkSync('real/data', rig.path(c.oddNames, 'inside'))
    symlinkSync('/etc/passwd', rig.path(c.oddNames, 'outside'))
    symlinkSync('loop', rig.path(c.oddNames, 'loop'))
    const maya = await rig.as(people.maya)
    const { data } = await maya.get(ls(c.oddNames))
    expect(data.map(({ name, type, size, link_target }) => [name, type, size, link_target])).toEqual([
      ['inside', 'file', 5, 'real/data'],
      ['loop', 'invalid_symlink', 4, 'loop'],
      ['outside', 'invalid_symlink', 11, '/etc/passwd'],
      ['real', 'dir', expect.any(Number), null],
    ])
    expect((await maya.get(ls(c.oddNames), { path: '/outside' })).status).toBe(403)
  })

  it('REL-62 lists names that are no UTF-8 as Latin-1 behind U+FFFD, and finds them by that', async () => {
    const rig = createTransferRig()
    const folder = Buffer.concat([Buffer.from(`${rig.path(c.oddNames)}/`), Buffer.from([0x66, 0xe9])])
    mkdirSync(folder)
    writeFileSync(Buffer.concat([folder, Buffer.from('/inside')]), 'x')
    const maya = await rig.as(people.maya)
    const { data } = await maya.get(ls(c.oddNames))
    expect(data.map(({ name }) => name)).toEqual(['\uFFFDfé'])
    expect((await maya.get(ls(c.oddNames), { path: '/\uFFFDfé/' })).data.map(({ name }) => name)).toEqual(['inside'])
  })
})

describe('stat, mkdir, rename', () => {
  it('describes one entry, a file too', async () => {
    const rig = createTransferRig()
    await rig.write(c.oddNames, 'file', 'abc')
    const maya = await rig.as(people.maya)
    const stat = `/v0.10/operation/endpoint/${c.oddNames}/stat`
    expect((await maya.get(stat, { path: '/file' })).body).toMatchObject({
      DATA_TYPE: 'file',
      name: 'file',
      type: 'file',
      size: 3,
    })
    const missing = await maya.get(stat, { path: '/none' })
    expect([missing.status, missing.body['code']]).toEqual([404, 'NotFound'])
  })

  it('makes a directory once', async () => {
    const rig = createTransferRig()
    const maya = await rig.as(people.maya)
    const mkdir = `/v0.10/operation/endpoint/${c.oddNames}/mkdir`
    const made = await maya.send('POST', mkdir, { DATA_TYPE: 'mkdir', path: '/~/new/' })
    expect(made.status).toBe(202)
    expect(made.body).toMatchObject({
      DATA_TYPE: 'mkdir_result',
      code: 'DirectoryCreated',
      resource: `/operation/endpoint/${c.oddNames}/mkdir`,
    })
    const again = await maya.send('POST', mkdir, { path: '/new' })
    expect([again.status, again.body['code']]).toEqual([502, 'ExternalError.MkdirFailed.Exists'])
    expect((await maya.send('POST', mkdir, { path: '/no/parent' })).body['code']).toBe(
      'ExternalError.MkdirFailed.NotFound',
    )
    expect((await maya.send('POST', mkdir, { path: 5 })).body['code']).toBe('BadRequest')
  })

  it('renames and moves, and replaces nothing', async () => {
    const rig = createTransferRig()
    await rig.write(c.oddNames, 'one', '1')
    await rig.write(c.oddNames, 'two', '2')
    mkdirSync(rig.path(c.oddNames, 'dir'))
    const maya = await rig.as(people.maya)
    const rename = (old_path: string, new_path: string) =>
      maya.send('POST', `/v0.10/operation/endpoint/${c.oddNames}/rename`, { DATA_TYPE: 'rename', old_path, new_path })
    expect((await rename('/one', '/dir/moved')).body).toMatchObject({ DATA_TYPE: 'result', code: 'FileRenamed' })
    expect((await rename('/two', '/dir/moved')).body['code']).toBe('ExternalError.RenameFailed.Exists')
    expect((await rename('/dir/', '/folder/')).status).toBe(200)
    expect(await rig.read(c.oddNames, 'folder/moved')).toBe('1')
    expect(await rig.read(c.oddNames, 'two')).toBe('2')
  })
})

describe('who may call', () => {
  it('refuses tokens that are missing, unknown, or for another service', async () => {
    const rig = createTransferRig()
    const answer = await rig.emulator.fetch(new Request(`${rig.emulator.origin}/v0.10/task_list`))
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ code: 'AuthenticationFailed' })
    expect(answer.headers.get('x-transfer-api-error')).toBe('AuthenticationFailed')
  })

  it('lets nobody list a private collection without a rule', async () => {
    const rig = createTransferRig()
    const sam = await rig.as(people.sam)
    expect((await sam.get(ls(c.tideCrewWorkspace))).status).toBe(403)
    const zoe = await rig.as(people.zoe)
    expect((await zoe.get(ls(c.tideCrewWorkspace))).status).toBe(200)
  })

  it('shows somebody with a right to one folder the way to it, and nothing beside', async () => {
    const rig = createTransferRig()
    await rig.write(c.tideCrewWorkspace, 'results/table.csv', 'x')
    await rig.write(c.tideCrewWorkspace, 'secret/table.csv', 'x')
    const maya = await rig.as(people.maya)
    const created = await maya.send('POST', `/v0.10/endpoint/${c.tideCrewWorkspace}/access`, {
      DATA_TYPE: 'access',
      principal_type: 'identity',
      principal: people.sam,
      path: '/results/',
      permissions: 'r',
    })
    expect([created.status, created.body['code']]).toEqual([201, 'Created'])
    const sam = await rig.as(people.sam)
    expect((await sam.get(ls(c.tideCrewWorkspace))).data.map(({ name }) => name)).toEqual(['results'])
    expect((await sam.get(ls(c.tideCrewWorkspace), { path: '/results/' })).data.map(({ name }) => name)).toEqual([
      'table.csv',
    ])
    expect((await sam.get(ls(c.tideCrewWorkspace), { path: '/secret/' })).status).toBe(403)
    const mkdir = await sam.send('POST', `/v0.10/operation/endpoint/${c.tideCrewWorkspace}/mkdir`, {
      path: '/results/x',
    })
    expect(mkdir.body['code']).toBe('EndpointPermissionDenied')
  })

  it('sends somebody back to log in for a high-assurance collection', async () => {
    const rig = createTransferRig()
    const maya = await rig.as(people.maya)
    const foreign = await maya.get(ls(c.hospitalImaging))
    expect(foreign.status).toBe(502)
    expect(foreign.body).toMatchObject({
      code: 'ExternalError.DirListingFailed.LoginFailed',
      authorization_parameters: { session_required_single_domain: ['hospital.example'] },
    })
    const ingrid = await rig.as(people.ingrid)
    expect((await ingrid.get(ls(c.hospitalImaging))).status).toBe(200)
    rig.emulator.world.collections.change(c.hospitalImaging, { authenticationTimeoutMins: -1 })
    const stale = await ingrid.get(ls(c.hospitalImaging))
    expect(stale.body).toMatchObject({ authorization_parameters: { prompt: 'login' } })
  })

  it('says that a laptop is offline', async () => {
    const rig = createTransferRig()
    const sam = await rig.as(people.sam)
    const { status, body } = await sam.get(ls(c.samsLaptop))
    expect([status, body['code']]).toEqual([502, 'ExternalError.DirListingFailed.GCDisconnected'])
  })
})
