import { demo } from '@pierhead/emulator'
import { describe, expect, it } from 'vitest'
import { collections, csrfOf, enable, openAllowing, visitAs } from './support/files.ts'
import { sayFilesAreAt, startHostileServer } from './support/hostile-server.ts'
import { origin, sessionSecret, startSetting, type Setting } from './support/setting.ts'
import type { Visitor } from './support/visitor.ts'

const { tidalSurveyArchive: archive, tidalSurveyPublic: survey } = collections
const yaml = `admins: { identities: [${demo.people.maya}] }
search: { index: ${demo.searchIndexes.harbourData}, title: Data }
datasets: [{ id: tides, title: Tides, collection: ${survey} }]
metrics: { token: canary-metrics-5f0c8f0a3de94b6a }
`

/** Everything that must stay inside, as long as the portal knows it. */
async function secretsOf(setting: Setting, visitor: Visitor): Promise<string[]> {
  const { GLOBUS_CLIENT_SECRET = '' } = setting.environment
  const cookies = (await visitor.cookies()).split('; ').map((cookie) => cookie.slice(cookie.indexOf('=') + 1))
  return [...setting.tokens, sessionSecret, GLOBUS_CLIENT_SECRET, 'canary-metrics-5f0c8f0a3de94b6a', ...cookies]
}

const pages = [
  '/',
  '/account',
  '/admin',
  '/data/tides',
  '/search',
  '/collections',
  `/collections/${survey}/files`,
  `/collections/${survey}/sharing`,
  `/collections/${archive}/content?path=%2Fa`,
  `/collections/${archive}/preview?path=%2Fa`,
  '/groups',
  '/transfers',
  '/nowhere',
  '/transfers/3b0f7a52-6a0e-4c5e-9d56-0a4b1c2d3e4f',
  '/metrics',
]

describe('a secret', () => {
  it('SEC-105 SEC-45 stands in no line of the log and on no page, whatever goes wrong', async () => {
    await using hostile = await startHostileServer()
    await using setting = await startSetting({ yaml })
    sayFilesAreAt(setting, hostile.origin)
    const maya = await visitAs(setting, 'Maya Okafor')
    await enable(maya, archive)
    for (const path of [`/collections/${survey}/sharing`, '/groups', '/search']) await openAllowing(maya, path)
    // It says back what it was told.
    hostile.answer = ({ headers: { authorization = '' } }, response) =>
      response
        .writeHead(400, { 'content-type': 'application/json', 'x-request-id': authorization })
        .end(JSON.stringify({ code: authorization, message: `Refused ${authorization}`, detail: [authorization] }))
    const secrets = await secretsOf(setting, maya)
    expect(secrets.length).toBeGreaterThan(6)
    const seen = maya.seen.length
    const faults = [
      undefined,
      { kind: 'answer', status: 500, body: '<p>' },
      { kind: 'reset' },
      { kind: 'malformed', how: 'html' },
    ] as const
    for (const fault of faults) {
      if (fault !== undefined && fault.kind !== 'malformed')
        for (const endpoint of ['ls', 'task-list', 'endpoint-search', 'groups', 'search', 'access-rules'] as const)
          setting.emulator.faults.add({ endpoint, fault, times: 1 })
      for (const path of pages) await maya.send(path)
      const headers = { origin, 'x-csrf-token': csrfOf(maya), accept: 'application/json' }
      await maya.send(`/collections/${archive}/content?path=%2Fa`, { method: 'PUT', headers, body: 'a' })
      await maya.send('/metrics', { headers: { authorization: 'Bearer wrong' } })
    }
    await maya.open('/logout')
    await maya.press('Log out')
    const shown = maya.seen.slice(seen).filter(({ url }) => url.port === '8888')
    expect(shown.length).toBeGreaterThan(60)
    const text = [
      ...setting.log,
      ...shown.map(
        ({ body, headers }) => body + JSON.stringify([...headers].filter(([name]) => name !== 'set-cookie')),
      ),
    ].join('\n')
    for (const secret of secrets.filter((one) => one.length > 8)) expect(text.includes(secret)).toBe(false)
  })

  it('SEC-105 that an unexpected error carries along stays out of the log', async () => {
    const canary = 'canary-7d1f0a'
    await using setting = await startSetting({
      prepare: ({ app }) => {
        app.get('/broken', () => {
          const cause = Object.assign(new Error('the connection broke'), { args: ['SET', canary] })
          throw Object.assign(new Error('the store failed', { cause }), {
            config: { headers: { authorization: canary } },
          })
        })
      },
    })
    const { body, status } = await setting.visitor().open('/broken')
    expect([status, body.includes(canary), body.includes('the store failed')]).toEqual([500, false, false])
    const log = setting.log.join('\n')
    expect([log.includes('the store failed'), log.includes('the connection broke'), log.includes(canary)]).toEqual([
      true,
      true,
      false,
    ])
  })

  it('SEC-106 forges no line of the log', async () => {
    await using setting = await startSetting()
    const visitor = setting.visitor({ 'user-agent': '\u001b[31m', 'x-request-id': 'forged' })
    for (const path of [
      '/%0a%7b%22level%22:%22fatal%22%7d',
      '/%1b%5b2J',
      '/%e2%80%ae',
      `/${'a'.repeat(5000)}`,
      '/%c2%85',
    ])
      await visitor.send(`${origin}${path}`)
    for (const line of setting.log) {
      expect(line.trimEnd()).not.toMatch(/[\p{Cc}\u202a-\u202e]/u)
      expect(line.length).toBeLessThan(1500)
      expect(JSON.parse(line)).not.toMatchObject({ request: 'forged' })
    }
  })
})
