import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { browserProgram } from '../support/browser.ts'
import { plant } from '../support/plant.ts'
import { collections, startScene, type Scene, type Visit } from '../support/portal-scene.ts'

const { tideCrewWorkspace: crew } = collections
const run = 'document.title="ran";alert(1)'
const script = `<script>${run}</script><img src=x onerror='${run}'>`
const svg = `<svg xmlns="http://www.w3.org/2000/svg" onload='${run}'><script>${run}</script><a href="javascript:${run}"><text y="20">x</text></a></svg>`
const files = {
  'picture.svg': svg,
  'page.html': script,
  'text.md': `# Title ${script}\n\n[x](javascript:${run}) ![x](https://evil.invalid/a.png) <svg onload='${run}'>\n`,
  'table.csv': `${script},=cmd|'/c calc'!A1\n"=HYPERLINK(""javascript:${run}"")",1\n${script},2\n1,3\n`,
  'data.json': `{"a": "${script.replaceAll('"', '\\"')}"}`,
  '"><svg onload=alert(1)>.txt': script,
}

/** A page of somebody else on this machine: another port is the same site, and cookies ignore ports. */
async function startNeighbour(portal: string): Promise<{ origin: string } & AsyncDisposable> {
  const page = `<!doctype html><title>neighbour</title><iframe name="framed" src="${portal}/account"></iframe>
    <form id="out" method="post" target="first" action="${portal}/account/sessions/end-all"><input name="csrf_token" value="x"></form>
    <form id="leave" method="post" enctype="text/plain" target="second" action="${portal}/logout"><input name="a" value="b"></form>
    <iframe name="first"></iframe><iframe name="second"></iframe><img id="content" src="${portal}/session">`
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(page))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A listening TCP server has an AddressInfo.
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://localhost:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

describe.skipIf(!browserProgram.available)('in Chromium', () => {
  let scene: Scene
  let maya: Visit
  const dialogs: string[] = []
  beforeAll(async () => {
    scene = await startScene()
    plant(scene.folderOf(crew), files)
    maya = await scene.visit('Maya Okafor')
    maya.profile.context.on('dialog', (dialog) => {
      dialogs.push(dialog.message())
      void dialog.dismiss()
    })
    await maya.open(`/collections/${crew}/files`)
    await maya.open(`/collections/${crew}/files/enable`)
  })
  afterAll(async () => {
    await maya[Symbol.asyncDispose]()
    await scene[Symbol.asyncDispose]()
  })

  it('SEC-60 files that hold scripts run none where they are previewed, and break no rule of the page', async () => {
    for (const name of Object.keys(files)) {
      await maya.open(`/collections/${crew}/preview?${new URLSearchParams({ path: `/${name}` })}`)
      await maya.page.locator('h1').waitFor()
      expect(await maya.page.title()).toContain(name)
    }
    expect(dialogs).toEqual([])
    expect(maya.profile.problems).toEqual([])
  })

  it('SEC-102 a picture that is opened by itself has neither scripts nor the origin of the portal', async () => {
    const query = new URLSearchParams({ show: '1', path: '/picture.svg' })
    await maya.page.goto(`${scene.portal.origin}/collections/${crew}/content?${query}`)
    expect(await maya.page.evaluate('[self.origin, document.title]')).toEqual(['null', ''])
    expect(dialogs).toEqual([])
    maya.profile.problems.length = 0
  })

  it('SEC-52 SEC-53 SEC-58 SEC-59 a neighbour on another port reads nothing, frames nothing and changes nothing', async () => {
    const { origin } = scene.portal
    await using neighbour = await startNeighbour(origin)
    const page = await maya.profile.newPage()
    await page.goto(neighbour.origin)
    const refusals = Promise.all(
      [`${origin}/account/sessions/end-all`, `${origin}/logout`].map((address) =>
        page.waitForResponse((response) => response.url() === address && response.request().isNavigationRequest()),
      ),
    )
    const read = await page.evaluate<unknown[]>(`(async () => {
      const tried = []
      const attempt = async (work) => tried.push(await work().then(String, () => 'refused'))
      for (const path of ['/session', '/account', '/transfers/events', '/collections/${crew}/entries?path=/'])
        await attempt(async () => (await fetch('${origin}' + path, { credentials: 'include' })).text())
      await attempt(async () => (await fetch('${origin}/account/sessions/end-all', { method: 'POST', credentials: 'include', headers: { 'x-csrf-token': 'x' } })).status)
      await attempt(() => new Promise((resolve, reject) => {
        const source = new EventSource('${origin}/transfers/events', { withCredentials: true })
        source.onopen = () => { source.close(); resolve('opened') }
        source.onerror = () => { source.close(); reject(new Error('refused')) }
      }))
      await attempt(async () => frames.framed.document.body.textContent)
      await fetch('${origin}/account/sessions/end-all', { method: 'POST', mode: 'no-cors', credentials: 'include', body: 'csrf_token=x' }).catch(() => undefined)
      document.querySelector('#out').submit()
      document.querySelector('#leave').submit()
      return tried
    })()`)
    expect(read).toEqual(Array.from({ length: 7 }, () => 'refused'))
    expect(await page.evaluate('document.querySelector("#content").naturalWidth')).toBe(0)
    expect((await refusals).map((response) => response.status())).toEqual([403, 403])
    await page.close()
    maya.profile.problems.length = 0
    await maya.open('/account')
    await maya.page.getByRole('link', { name: 'Logout' }).waitFor()
  })

  it('SEC-61 a logout ends what other windows of the browser still see', async () => {
    const watching = await maya.profile.newPage()
    await watching.goto(`${scene.portal.origin}/transfers`)
    const other = await maya.profile.newPage()
    await other.goto(`${scene.portal.origin}/logout`)
    await other.getByRole('button', { name: 'Log out', exact: true }).click()
    await other.waitForURL((url) => url.origin !== scene.portal.origin)
    // It asks again when its stream has ended, and is led away from what is not its own any more.
    await watching.waitForURL((url) => url.pathname !== '/transfers', { timeout: 60_000 })
    expect(new URL(watching.url()).pathname).not.toBe('/transfers')
  })
})
