import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { collections, csrfOf, folderOf, namesOn, openAllowing, plant, visitAs } from './support/files.ts'
import { startSetting, type Setting } from './support/setting.ts'
import { linksOf, type Visitor } from './support/visitor.ts'

const { microscope3, tidalSurveyArchive: archive, tideCrewWorkspace: crew } = collections
const odd = 'new\nline & <b>.txt'

describe('what a person does with files', () => {
  let setting: Setting
  let maya: Visitor
  const root = (): string => folderOf(setting, archive)
  const open = (path = '/'): Promise<void> =>
    openAllowing(maya, `/collections/${archive}/files?${new URLSearchParams({ path })}`)
  /** Looks at the disk until it is as expected: Transfer deletes in its own time. */
  const settle = async (test: () => boolean): Promise<void> => {
    await expect.poll(test).toBe(true)
  }

  beforeAll(async () => {
    setting = await startSetting()
    plant(setting, archive, { 'a.txt': 'a', 'b.txt': 'b', [odd]: 'odd', 'tree/deep/c.txt': 'c', 'keep/x.txt': 'x' })
    plant(setting, microscope3, { 'frame.png': 'x' })
    maya = await visitAs(setting, 'Maya Okafor')
  })
  afterAll(() => setting[Symbol.asyncDispose]())

  it('makes a folder in the one that is open, and says what is wrong with its name', async () => {
    await open('/keep/')
    const token = csrfOf(maya)
    const make = (name: string) =>
      maya.submit(`/collections/${archive}/files/folder?path=%2Fkeep%2F&side=left`, {
        csrf_token: token,
        path: encodeURIComponent('/keep/'),
        new_name: name,
      })
    await make(' Zoë & <b> ')
    expect(maya.page.text).toContain('The folder is there.')
    expect(namesOn(maya)).toEqual(['Zoë & <b>', 'x.txt'])
    expect(readdirSync(join(root(), 'keep'))).toContain('Zoë & <b>')
    expect((await make('Zoë & <b>')).text).toContain('There is something of that name already')
    for (const name of ['', '.', '..', 'a/b', 'x'.repeat(256)]) {
      await make(name)
      expect([name.slice(0, 9), maya.page.status, maya.page.text.includes('This cannot be a name')]).toEqual([
        name.slice(0, 9),
        400,
        true,
      ])
      expect(linksOf(maya.page.body)).toContainEqual({
        name: 'Back to the folder',
        href: `/collections/${archive}/files?path=%2Fkeep%2F`,
      })
    }
  })

  it('makes the folders of an upload under their exact names, also below the one that is open', async () => {
    await open('/keep/')
    const make = (path: string, folder: string) =>
      maya.send(`/collections/${archive}/files/folder`, {
        method: 'POST',
        headers: {
          origin: maya.page.url.origin,
          'content-type': 'application/x-www-form-urlencoded',
          'sec-fetch-site': 'same-origin',
          'sec-fetch-mode': 'cors',
        },
        body: new URLSearchParams({
          csrf_token: token,
          path: encodeURIComponent(path),
          folder: encodeURIComponent(folder),
        }).toString(),
      })
    const token = csrfOf(maya)
    expect((await make('/keep/', ' two  blanks ')).status).toBe(303)
    expect((await make('/keep/ two  blanks /', '%41\u00e9')).status).toBe(303)
    expect(readdirSync(join(root(), 'keep', ' two  blanks '))).toEqual(['%41é'])
    const there = await make('/keep/', ' two  blanks ')
    expect([there.status, there.body.includes('"code":"exists"')]).toEqual([409, true])
    for (const name of ['', '..', 'line\nbreak', 'a/b']) {
      const { body, status } = await make('/keep/', name)
      expect([name, status, body.includes('"code":"bad_name"')]).toEqual([name, 400, true])
    }
  })

  it('renames one thing, whatever its name holds', async () => {
    await open()
    await maya.press('Rename', [encodeURIComponent(odd)])
    expect(maya.page.text).toContain('New name')
    const fields = { csrf_token: tokenField(maya), path: '%2F', name: encodeURIComponent(odd), new_name: 'plain.txt' }
    await maya.submit(maya.page.url.href, fields)
    expect(maya.page.text).toContain('The name is changed.')
    expect(readFileSync(join(root(), 'plain.txt'), 'utf8')).toBe('odd')
    expect(existsSync(join(root(), odd))).toBe(false)
    await maya.press('Rename', [])
    expect(maya.page.text).toContain('Choose one thing to rename')
  })

  it('deletes after asking, once, however often the button is pressed', async () => {
    await open()
    await maya.press('Delete', ['a.txt', 'tree'])
    expect(maya.page.text).toContain('Delete 2 items?')
    expect(existsSync(join(root(), 'a.txt'))).toBe(true)
    const asked = maya.page
    await maya.press('Delete for good')
    expect(maya.page.text).toContain('Globus is deleting what you chose')
    const [task] = linksOf(maya.page.body).filter(({ name }) => name === 'Watch it')
    expect(task?.href).toMatch(/^\/transfers\/[0-9a-f-]{36}$/)
    await settle(() => !existsSync(join(root(), 'a.txt')) && !existsSync(join(root(), 'tree')))
    expect(existsSync(join(root(), 'b.txt'))).toBe(true)
    maya.seen.push(asked)
    await maya.press('Delete for good')
    expect(maya.page.text).toContain('it is not done twice')
    expect(linksOf(maya.page.body)).toContainEqual(task)
  })

  it('bookmarks a folder once, finds it again, and forgets it', async () => {
    await open('/keep/')
    for (let press = 0; press < 2; press += 1) await maya.press('Bookmark')
    expect(maya.page.text).toContain('The folder is among your bookmarks.')
    await maya.open('/collections?scope=bookmarks')
    expect(linksOf(maya.page.body).filter(({ name }) => name.endsWith(': keep'))).toHaveLength(1)
    await maya.follow('Tidal Survey Archive: keep')
    expect(namesOn(maya)).toContain('x.txt')
    await maya.open('/collections?scope=bookmarks')
    await maya.press('Remove the bookmark Tidal Survey Archive: keep')
    expect(maya.page.text).toContain('The bookmark is removed.')
    expect(maya.page.text).toContain('You have no bookmarks yet')
  })

  it('SEC-36 changes nothing for another site, which has no token', async () => {
    await open()
    const fields = { path: '%2F', new_name: 'forged', name: 'b.txt' }
    for (const action of ['folder', 'rename', 'delete', 'bookmark']) {
      const address = `/collections/${archive}/files/${action}`
      expect([action, (await maya.submit(address, fields)).status]).toEqual([action, 403])
      expect([action, (await maya.submit(address, { ...fields, csrf_token: 'x' })).status]).toEqual([action, 403])
    }
    expect(readdirSync(root())).not.toContain('forged')
  })

  it('explains what the storage refuses', async () => {
    await openAllowing(maya, `/collections/${microscope3}/files`)
    const fields = { csrf_token: csrfOf(maya), path: '%2F', new_name: 'new' }
    await maya.submit(`/collections/${microscope3}/files/folder?side=left`, fields)
    expect([maya.page.status, maya.page.text.includes('You may not do this here')]).toEqual([403, true])
    const zoe = await visitAs(setting, 'Zoë <b>Núñez</b>')
    await openAllowing(zoe, `/collections/${crew}/files`)
    await zoe.submit(`/collections/${crew}/files/folder?side=left`, { ...fields, csrf_token: csrfOf(zoe) })
    expect([zoe.page.status, zoe.page.text.includes('You may not do this here')]).toEqual([403, true])
  })

  it('says of a folder that it is read-only for a person, once Globus has refused to write there', async () => {
    const [zoe, other] = [await visitAs(setting, 'Zoë <b>Núñez</b>'), await visitAs(setting, 'Maya Okafor')]
    plant(setting, crew, { 'notes/deep/x.txt': '' })
    const look = async (visitor: Visitor, path: string): Promise<boolean> => {
      await openAllowing(visitor, `/collections/${crew}/files?${new URLSearchParams({ path })}`)
      return visitor.page.text.includes('Read-only for you')
    }
    expect(await look(zoe, '/notes/')).toBe(false)
    await zoe.submit(`/collections/${crew}/files/folder?path=%2Fnotes%2F&side=left`, {
      csrf_token: csrfOf(zoe),
      path: encodeURIComponent('/notes/'),
      new_name: 'new',
    })
    expect(zoe.page.status).toBe(403)
    // Rights are given folder by folder, and to one person at a time.
    expect([await look(zoe, '/notes/'), await look(zoe, '/notes/deep/')]).toEqual([true, false])
    expect([await look(other, '/notes/'), await look(await visitAs(setting, 'Zoë <b>Núñez</b>'), '/notes/')]).toEqual([
      false,
      false,
    ])
    setting.emulator.world.accessRules.add({
      id: '0f3c1d7e-5a4b-4c2d-9e8f-7a6b5c4d3e21',
      collection: crew,
      principalType: 'all_authenticated_users',
      principal: '',
      path: '/notes/',
      permissions: 'rw',
      createdAt: Date.now(),
      expiresAt: null,
    })
    await look(zoe, '/notes/')
    await zoe.submit(`/collections/${crew}/files/folder?path=%2Fnotes%2F&side=left`, {
      csrf_token: csrfOf(zoe),
      path: encodeURIComponent('/notes/'),
      new_name: 'new',
    })
    expect([await look(zoe, '/notes/'), existsSync(join(folderOf(setting, crew), 'notes/new'))]).toEqual([false, true])
  })

  it('keeps a form that met a missing consent, and sends it when its sender is back and says so', async () => {
    await open('/keep/')
    const { consents } = setting.emulator.world
    const scope = `https://auth.globus.org/scopes/${archive}/data_access`
    for (const { id } of consents.ofScope(scope)) consents.remove(id)
    await maya.submit(`/collections/${archive}/files/folder?path=%2Fkeep%2F&side=left`, {
      csrf_token: csrfOf(maya),
      path: encodeURIComponent('/keep/'),
      new_name: 'after consent',
    })
    expect(maya.page.url.pathname).toBe('/p/consent')
    await maya.press('Allow')
    expect(maya.page.text).toContain('Go on where you were?')
    expect(maya.page.text).toContain('after consent')
    expect(readdirSync(join(root(), 'keep'))).not.toContain('after consent')
    await maya.press('Go on')
    expect(namesOn(maya)).toContain('after consent')
  })
})

function tokenField({ page }: Visitor): string {
  return /name="csrf_token" value="([^"]+)"/.exec(page.body)?.[1] ?? ''
}
