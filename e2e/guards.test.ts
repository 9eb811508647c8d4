import { demo, type RunningEmulator } from '@pierhead/emulator'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { logIn, Visitor } from './support/browser-like.ts'
import { liveTokens, startGlobus } from './support/emulator.ts'
import { startGuardedApp, type GuardedApp } from './support/guarded-app.ts'

const { collections, groups, people } = demo
const confirm = 'Confirm with the made-up second factor'

let globus: RunningEmulator
let app: GuardedApp

beforeAll(async () => {
  globus = await startGlobus()
  app = await startGuardedApp(globus)
})

afterAll(async () => {
  await app.close()
  await globus.close()
})

beforeEach(() => {
  for (const name of ['AUTH', 'TRANSFER', 'GROUPS', 'SEARCH']) {
    vi.stubEnv(`GLOBUS_SDK_SERVICE_URL_${name}`, globus.origin)
  }
})

const loggedIn = (name: string): Promise<Visitor> => logIn(new Visitor(), `${app.origin}/login`, name)

/** Allows all that a consent page offers, whatever is optional included. */
function allow(visitor: Visitor): Promise<Visitor> {
  const boxes = [...visitor.body.matchAll(/<input type="checkbox" name="([^"]*)" value="([^"]*)"/g)]
  return visitor.submit('Allow', Object.fromEntries(boxes.map(([, name = '', value = '']) => [name, value])))
}

/** The path and query that a visitor ended at. */
const at = ({ url }: Visitor): string => url.replace(app.origin, '')

describe('a page that needs a consent, in life', () => {
  it('S1.19 S2.15 S2.21 leads through the consent for a mapped collection, once, and back to the same request', async () => {
    const maya = await loggedIn('Maya Okafor')
    const page = `/files/${collections.tidalSurveyArchive}?sort=name`
    await maya.open(`${app.origin}${page}`)
    expect(maya.url).toContain('/p/consent')
    await allow(maya)
    expect([at(maya), maya.body]).toEqual([page, expect.stringMatching(/^\d+ entries, name$/)])
    await maya.open(`${app.origin}${page}`)
    expect([at(maya), maya.trail.length]).toEqual([page, 1])
  })

  it('keeps a form meanwhile, and sends it when its sender confirms', async () => {
    const zoe = await loggedIn('Zoë <b>Núñez</b>')
    await zoe.open(`${app.origin}/note`)
    await zoe.submit('Send', { text: 'neap tide' })
    expect(zoe.url).toContain('/p/consent')
    await allow(zoe)
    expect(zoe.text).toContain('neap tide')
    await zoe.submit('Continue')
    expect(zoe.body).toBe('noted neap tide')
  })

  it('asks for a scope that the login did not, and comes back', async () => {
    const sam = await loggedIn('Sam')
    await sam.open(`${app.origin}/search`)
    await sam.submit('Allow')
    expect([at(sam), sam.body]).toEqual(['/search', 'searched by Sam'])
  })
})

describe('a token that Transfer refuses, in life', () => {
  it('S1.21 S2.15 is refreshed, and the person notices nothing', async () => {
    const maya = await loggedIn('Maya Okafor')
    const live = liveTokens(globus, app)
    await maya.open(`${app.origin}/refused-token`)
    expect(maya.body).toBe('true')
    expect(liveTokens(globus, app)).toBe(live)
  })
})

describe('Hospital Imaging', () => {
  it('sends Ingrid to log in again when her hospital login is old, and returns her to the folder', async () => {
    const ingrid = await loggedIn('Ingrid Solheim')
    const page = `/files/${collections.hospitalImaging}?sort=size`
    await ingrid.open(`${app.origin}${page}`)
    if (ingrid.url.includes('/p/consent')) await allow(ingrid)
    expect(at(ingrid)).toBe(page)
    globus.world.timeShift.age('authentications', 120_000)
    await ingrid.open(`${app.origin}${page}`)
    expect(ingrid.url).toContain('/p/login')
    await ingrid.submit('Ingrid Solheim')
    if (ingrid.url.includes('/p/consent')) await allow(ingrid)
    expect([at(ingrid), ingrid.body]).toEqual([page, expect.stringMatching(/entries, size$/)])
  })

  it('asks Ingrid for her second factor before it shows patients, and sees in the session that she used it', async () => {
    const ingrid = await loggedIn('Ingrid Solheim')
    await ingrid.open(`${app.origin}/patients`)
    expect(ingrid.url).toContain('/p/')
    if (ingrid.url.includes('/p/login')) await ingrid.submit('Ingrid Solheim')
    await ingrid.submit(confirm)
    if (ingrid.url.includes('/p/consent')) await allow(ingrid)
    expect([at(ingrid), ingrid.body]).toEqual(['/patients', 'patients of Ingrid Solheim'])
  })

  it('does not take the word of a browser that drops the requirement on its way', async () => {
    const maya = await loggedIn('Maya Okafor')
    for (let round = 0; round < 2; round += 1) {
      maya.stopsBefore = globus.origin
      await maya.open(`${app.origin}/patients`)
      const stripped = new URL(maya.url)
      for (const name of Array.from(stripped.searchParams.keys())) {
        if (name.startsWith('session_') || name === 'prompt') stripped.searchParams.delete(name)
      }
      maya.stopsBefore = undefined
      await maya.open(stripped.href)
      if (maya.url.includes('/p/consent')) await allow(maya)
      expect(maya.body).not.toContain('patients of')
    }
    await maya.open(`${app.origin}/patients`)
    expect([maya.status, maya.body.includes('requirements_unmet')]).toEqual([403, true])
  })
})

describe('Tide Crew', () => {
  it('lets Maya and Zoë in as what they are, after asking for the scope of Groups once', async () => {
    for (const [name, role] of [
      ['Maya Okafor', 'admin'],
      ['Zoë <b>Núñez</b>', 'member'],
    ] as const) {
      const visitor = await loggedIn(name)
      await visitor.open(`${app.origin}/crew`)
      await visitor.submit('Allow')
      expect([at(visitor), visitor.body]).toEqual(['/crew', `Tide Crew: ${role}`])
    }
  })

  it('shows Sam, whose request is pending, the group, who he is, where to join, and another identity', async () => {
    const sam = await loggedIn('Sam')
    await sam.open(`${app.origin}/crew`)
    await sam.submit('Allow')
    expect(sam.status).toBe(403)
    expect(sam.text).toContain('sam@globusid.org')
    expect(sam.body).toContain(`/groups/${groups.tideCrew}/join`)
    await sam.follow('Use another identity')
    expect(sam.url).toContain('/p/login')
    await sam.submit('Maya Okafor')
    if (sam.url.includes('/p/consent')) await sam.submit('Allow')
    if (sam.url.includes('/p/consent')) await sam.submit('Allow')
    expect([at(sam), sam.body]).toEqual(['/crew', 'Tide Crew: admin'])
  })

  it('closes to who is removed from it', async () => {
    const zoe = await loggedIn('Zoë <b>Núñez</b>')
    await zoe.open(`${app.origin}/crew`)
    if (zoe.url.includes('/p/consent')) await allow(zoe)
    expect(zoe.body).toBe('Tide Crew: member')
    const membership = globus.world.memberships.find(groups.tideCrew, people.zoe)
    if (membership === undefined) throw new Error('Zoë is not in the group.')
    globus.world.memberships.put({ ...membership, status: 'removed' })
    await zoe.open(`${app.origin}/crew`)
    expect(zoe.status).toBe(403)
    globus.world.memberships.put(membership)
  })
})
