import { describe, expect, it } from 'vitest'
import { createUserAgent, demo, type UserAgent } from '../../src/index.ts'
import { containing } from '../support.ts'
import { createTransferRig, item, type TransferRig } from '../transfer/support.ts'

const { collections: c, people } = demo
const ACTION = 'http://localhost:5000/picked?from=globus'

/** Somebody at a page of the web app, logged in there. */
async function open(rig: TransferRig, path: string, person: string): Promise<{ browser: UserAgent; page: string }> {
  const browser = createUserAgent({ fetch: rig.emulator.fetch })
  const first = await browser.request(new URL(path, rig.emulator.origin))
  const signIn = new URL(first.headers.get('location') ?? '', rig.emulator.origin)
  const form = new URLSearchParams({ next: signIn.searchParams.get('next') ?? '', identity: person })
  const init = { method: 'POST', body: form, headers: { origin: rig.emulator.origin } }
  const back = await browser.request(new URL('/p/sign-in', rig.emulator.origin), init)
  expect(back.headers.get('location')).toBe(path)
  return { browser, page: await (await browser.request(new URL(path, rig.emulator.origin))).text() }
}

const pickerPath = (more: Record<string, string> = {}): string =>
  `/file-manager?${new URLSearchParams({ method: 'POST', action: ACTION, folderlimit: '1', filelimit: '2', ...more }).toString()}`

/** What the form of the last page would send. */
const hiddenFields = (page: string): Record<string, string> =>
  Object.fromEntries(
    Array.from(page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g), ([, name = '', value = '']) => [
      name,
      value,
    ]),
  )

describe('the picker', () => {
  it('asks who one is, offers collections and their folders, and sends the choice as portals read it', async () => {
    const rig = createTransferRig()
    await rig.write(c.tideCrewWorkspace, 'results/june/a.csv', 'a')
    await rig.write(c.tideCrewWorkspace, 'results/b.csv', 'b')
    const { browser, page } = await open(
      rig,
      pickerPath({ label: 'Tide', cancelurl: 'http://localhost:5000/' }),
      people.maya,
    )
    expect(page).toContain('Tide Crew Workspace')
    expect(page).toContain('href="http://localhost:5000/"')
    const at = { collection: c.tideCrewWorkspace, path: '/results/', label: 'Tide' }
    const folder = await browser.request(new URL(pickerPath(at), rig.emulator.origin))
    const text = await folder.text()
    expect(text).toContain('value="folder:june"')
    expect(text).toContain('value="file:b.csv"')
    const chosen = `${pickerPath(at)}&choose=yes&chosen=folder%3Ajune&chosen=file%3Ab.csv`
    const last = await browser.request(new URL(chosen, rig.emulator.origin))
    expect(last.headers.get('content-security-policy')).toContain("form-action 'self' http://localhost:5000")
    const confirm = await last.text()
    expect(confirm).toContain(`<form method="POST" action="${ACTION}">`)
    expect(hiddenFields(confirm)).toEqual({
      endpoint: 'Tide Crew Workspace',
      endpoint_id: c.tideCrewWorkspace,
      path: '/results/',
      label: 'Tide',
      'folder[0]': 'june',
      'file[0]': 'b.csv',
    })
  })

  it('takes no more than the app wants, and offers nothing where the app wants none', async () => {
    const rig = createTransferRig()
    await rig.write(c.tideCrewWorkspace, 'one/x', '')
    await rig.write(c.tideCrewWorkspace, 'two/x', '')
    await rig.write(c.tideCrewWorkspace, 'file.txt', '')
    const at = { collection: c.tideCrewWorkspace, path: '/', filelimit: '0' }
    const { browser, page } = await open(rig, pickerPath(at), people.maya)
    expect([page.includes('value="folder:one"'), page.includes('value="file:file.txt"')]).toEqual([true, false])
    const both = `${pickerPath(at)}&choose=yes&chosen=folder%3Aone&chosen=folder%3Atwo`
    expect((await browser.request(new URL(both, rig.emulator.origin))).status).toBe(400)
  })

  it('shows nobody what they may not see, and sends nothing to a script', async () => {
    const rig = createTransferRig()
    await rig.write(c.tideCrewWorkspace, 'private/x', '')
    const { browser, page } = await open(rig, pickerPath(), people.sam)
    expect(page).not.toContain('Tide Crew Workspace')
    const status = async (more: Record<string, string>): Promise<number> =>
      (await browser.request(new URL(pickerPath(more), rig.emulator.origin))).status
    expect(await status({ collection: c.tideCrewWorkspace })).toBe(400)
    expect(await status({ collection: c.hospitalImaging })).toBe(400)
    expect(await status({ collection: c.oddNames, path: '/../../' })).toBe(400)
    expect(await status({ collection: c.oddNames, path: '/none/' })).toBe(400)
    expect(await status({ action: 'javascript:alert(1)' })).toBe(400)
    expect(await status({ cancelurl: 'javascript:alert(1)' })).toBe(400)
    expect(await status({ folderlimit: 'many' })).toBe(400)
    expect(await status({ collection: c.oddNames })).toBe(200)
  })

  it('escapes what files are called', async () => {
    const rig = createTransferRig()
    await rig.write(c.tideCrewWorkspace, '"><script>x<', '')
    const { page } = await open(rig, pickerPath({ collection: c.tideCrewWorkspace }), people.maya)
    expect(page).not.toContain('<script')
    expect(page).toContain('&lt;script&gt;')
  })
})

describe('the page of a task', () => {
  it('shows its owner how it went, and nobody else', async () => {
    const rig = createTransferRig()
    await rig.write(c.oddNames, 'a', 'content')
    const maya = await rig.as(people.maya)
    const ends = { source_endpoint: c.oddNames, destination_endpoint: c.tenThousandBuoys }
    const id = await maya.transfer({ ...ends, label: 'Tide <copy>', DATA: [item('/a', '/b')] })
    await rig.ended(id, maya)
    const { page } = await open(rig, `/activity/${id}`, people.maya)
    expect(page).toEqual(containing('Tide &lt;copy&gt;'))
    for (const text of ['SUCCEEDED', 'Odd Names', 'Ten Thousand Buoys', id]) expect(page).toContain(text)
    const stranger = await open(rig, `/activity/${id}`, people.sam)
    expect(stranger.page).toContain('No such task')
  })
})
