import { demo } from '@pierhead/emulator'
import { describe, expect, it } from 'vitest'
import { logIn, startSetting, type Setting } from './support/setting.ts'
import { linksOf, type Visitor } from './support/visitor.ts'

const site = 'site: { contact: data@harbour.example }\n'
const forCrew = `${site}access: { require: { group: ${demo.groups.tideCrew} } }`

async function arrive({ visitor }: Setting, name: string): Promise<Visitor> {
  const arrived = visitor()
  await logIn(arrived, name)
  return arrived
}

/** Follows the consents that a guard asks for on the way. */
async function open(visitor: Visitor, path: string): Promise<Visitor['page']> {
  await visitor.open(path)
  if (visitor.page.url.pathname === '/p/login') throw new Error('Nobody is logged in.')
  if (visitor.page.url.pathname === '/p/consent') await visitor.press('Allow')
  return visitor.page
}

describe('a portal for the members of a group', () => {
  it('lets a member in, and tells somebody else what is missing, whom to ask and how to join', async () => {
    await using setting = await startSetting({ yaml: forCrew })
    const [zoe, sam] = [await arrive(setting, 'Zoë <b>Núñez</b>'), await arrive(setting, 'Sam')]
    expect((await open(zoe, '/collections')).status).toBe(200)

    const refused = await open(sam, '/collections?scope=mine')
    expect(refused.status).toBe(403)
    expect(refused.text).toContain('This is not open to you yet')
    expect(refused.text).toContain('You are logged in as sam@globusid.org.')
    expect(refused.text).toContain('Membership in the Globus group Tide Crew.')
    const links = Object.fromEntries(linksOf(refused.body).map(({ name, href }) => [name, href]))
    expect(links['Ask to join Tide Crew']).toContain(`/groups/${demo.groups.tideCrew}/join`)
    expect(links['data@harbour.example']).toBe('mailto:data@harbour.example')
    expect(links['Use another identity']).toMatch(/^\/login\?/)
    expect(setting.log.some((line) => line.includes('"access_refused"') && line.includes(demo.people.sam))).toBe(true)
  })

  it('is closed on every path but the home page and the own account, also those that do not exist', async () => {
    await using setting = await startSetting({ yaml: forCrew })
    const sam = await arrive(setting, 'Sam')
    for (const path of ['/collections', '/data', '/search', '/nowhere', '/accounts', '/Account'])
      expect([path, (await sam.open(path)).status]).toEqual([path, 403])
    for (const path of ['/', '/account']) expect([path, (await sam.open(path)).status]).toEqual([path, 200])
    expect((await setting.visitor().open('/collections')).url.pathname).toBe('/p/login')
  })

  it('lets nobody in while Groups cannot be asked', async () => {
    await using setting = await startSetting({ yaml: forCrew })
    const zoe = await arrive(setting, 'Zoë <b>Núñez</b>')
    setting.emulator.faults.add({ endpoint: 'groups', fault: { kind: 'answer', status: 500 }, times: 'always' })
    const refused = await zoe.open('/collections')
    expect(refused.status).toBeGreaterThanOrEqual(500)
    expect(refused.text).not.toContain('Mine')
  })

  it('answers a script in words of its own', async () => {
    await using setting = await startSetting({ yaml: forCrew })
    const sam = await arrive(setting, 'Sam')
    const { body, status } = await sam.send('/collections', { headers: { accept: 'application/json' } })
    expect(status).toBe(403)
    expect(JSON.parse(body)).toMatchObject({
      code: 'access_required',
      needs: ['Membership in the Globus group Tide Crew.'],
    })
  })
})

describe('a portal for people of a domain, or of a list', () => {
  it('counts linked identities, and never an e-mail address', async () => {
    await using setting = await startSetting({ yaml: 'access: { require: { domain: [orcid.org, hospital.example] } }' })
    // Maya's ORCID is linked to her; Ingrid logs in with the hospital; Zoë has neither.
    expect((await (await arrive(setting, 'Maya Okafor')).open('/collections')).status).toBe(200)
    expect((await (await arrive(setting, 'Ingrid Solheim')).open('/collections')).status).toBe(200)
    const refused = await (await arrive(setting, 'Zoë <b>Núñez</b>')).open('/collections')
    expect(refused.status).toBe(403)
    expect(refused.text).toContain('An identity of orcid.org or hospital.example.')
    expect(linksOf(refused.body)).toContainEqual({
      name: 'Link an identity at Globus',
      href: `${setting.emulator.origin}/v2/web/identities`,
    })
  })

  it('wants every condition met that is named, and lists those that are not', async () => {
    const rule = `{ domain: harbour.example, identities: [sam@globusid.org, ${demo.people.maya}] }`
    await using setting = await startSetting({ yaml: `access: { require: ${rule} }` })
    expect((await (await arrive(setting, 'Maya Okafor')).open('/collections')).status).toBe(200)
    const sam = await (await arrive(setting, 'Sam')).open('/collections')
    expect([sam.status, sam.text.includes('An identity of harbour.example')]).toEqual([403, true])
    expect(sam.text).not.toContain('Your name on the list')
    const ingrid = await (await arrive(setting, 'Ingrid Solheim')).open('/collections')
    expect(ingrid.text).toContain('these things are missing')
    expect(ingrid.text).toContain('Your name on the list')
    expect(ingrid.text).toContain('Ask the people who run this site')
  })
})
