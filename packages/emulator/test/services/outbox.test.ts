import { expect, it } from 'vitest'
import { demo } from '../../src/index.ts'
import { callerFor, callerWith, createServices, listIn, scopes } from './support.ts'

const { collections, groups, people } = demo

it('shows the one mail of a new world, to Sam', async () => {
  const { body } = await callerWith(createServices())('GET', '/outbox.json')
  expect(body['mails']).toMatchObject([
    { recipient: 'sam@globusid.org', identity: people.sam, cause: 'group join request' },
  ])
})

it('keeps what invitations, requests and shares would have mailed', async () => {
  const emulator = createServices()
  const maya = await callerFor(emulator, people.maya, scopes.groups)
  const transfer = await callerFor(emulator, people.maya, scopes.transfer)
  const ingrid = await callerFor(emulator, people.ingrid, scopes.groups)
  await maya('POST', `/v2/groups/${groups.portalUsers}`, {
    invite: [{ identity_id: people.zoe, invite_email_address: 'zoe@home.example' }],
  })
  await ingrid('POST', `/v2/groups/${groups.tideCrew}`, { request_join: [{ identity_id: people.ingrid }] })
  await transfer('POST', `/v0.10/endpoint/${collections.tideCrewWorkspace}/access`, {
    DATA_TYPE: 'access',
    principal_type: 'identity',
    principal: people.sam,
    path: '/results/',
    permissions: 'r',
    notify_email: 'sam@home.example',
    notify_message: 'The results are <b>there</b>.',
  })
  const { body } = await callerWith(emulator)('GET', '/outbox.json')
  expect(listIn(body['mails']).slice(0, 3)).toMatchObject([
    { recipient: 'sam@home.example', cause: 'access rule', subject: 'Maya Okafor shared a folder with you' },
    { recipient: 'maya.okafor@harbour.example', cause: 'group join request' },
    { recipient: 'zoe@home.example', identity: people.zoe, cause: 'group invitation' },
  ])
  const page = await (await emulator.fetch(new Request(`${emulator.origin}/outbox`))).text()
  expect(page).toContain('The results are &lt;b&gt;there&lt;/b&gt;.')
  expect(page).toContain('/results/ of Tide Crew Workspace')
})

it('keeps silent where nobody asks for a mail', async () => {
  const emulator = createServices()
  const transfer = await callerFor(emulator, people.maya, scopes.transfer)
  const path = `/v0.10/endpoint/${collections.tideCrewWorkspace}/access`
  await transfer('POST', path, { principal_type: 'identity', principal: people.sam, path: '/x/', permissions: 'r' })
  expect(emulator.world.outbox.list()).toHaveLength(1)
})

it('answers to names of this machine only', async () => {
  const emulator = createServices({ allowHosts: ['dev.example'] })
  const headers = { host: 'dev.example' }
  const page = await emulator.fetch(new Request(`${emulator.origin}/outbox`, { headers }))
  const json = await emulator.fetch(new Request(`${emulator.origin}/outbox.json`, { headers }))
  expect([page.status, json.status]).toEqual([403, 403])
  expect(await page.text()).not.toContain('sam@globusid.org')
})
