import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConfigurationError, type PortalConfig, readConfig } from '../src/config.ts'

const complete = {
  SESSION_SECRET: 'Zk3v9qLw8xT2rB5nY7uC1mE4hJ6pS0aD-g',
  GLOBUS_CLIENT_ID: 'b1f2e3d4-7a65-4c3b-9d2e-1f0a9b8c3001',
  GLOBUS_CLIENT_SECRET: 'Vr0Y+2fGkq/w8d1n',
  GLOBUS_REDIRECT_URI: 'https://data.example.org/login',
}
const twin = '{ id: tides, title: T, collection: 5e2f8a40-9b1c-4d3e-8a00-0c4b7d6e4004 }'
const collection = '5e2f8a40-9b1c-4d3e-8a00-0c4b7d6e4004'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'pierhead-config-'))))
afterEach(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

function read(yaml: string, environment: Record<string, string> = complete): PortalConfig {
  return readConfig({ ...environment, PIERHEAD_CONFIG: file('portal.yaml', yaml) })
}

/** The lines of the message, without the first. */
function complaints(yaml: string, environment: Record<string, string> = complete): string[] {
  try {
    read(yaml, environment)
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    return error.message.replace(folder, '').split('\n').slice(1)
  }
  return []
}

describe('portal.yaml', () => {
  it('can hold everything that the environment can, secrets by their files', () => {
    file('session', `${complete.SESSION_SECRET}\n`)
    file('client', complete.GLOBUS_CLIENT_SECRET)
    const config = read(
      `
server: { port: 9000, listen: everywhere, data: sessions }
session: { secretFile: session }
globus:
  clientId: ${complete.GLOBUS_CLIENT_ID}
  clientSecretFile: client
  redirectUri: ${complete.GLOBUS_REDIRECT_URI}
  environment: preview
  services: { TRANSFER: http://127.0.0.1:8889/ }
metrics: { token: 5f0c8f0a3de94b6a }
development: { revealTokens: true }
`,
      {},
    )
    expect(config).toMatchObject({
      port: 9000,
      listen: 'everywhere',
      dataFolder: 'sessions',
      sessionSecrets: [complete.SESSION_SECRET],
      clientSecret: complete.GLOBUS_CLIENT_SECRET,
      issuer: 'https://auth.preview.globus.org',
      services: { TRANSFER: 'http://127.0.0.1:8889/' },
      metricsToken: '5f0c8f0a3de94b6a',
      revealTokens: true,
    })
  })

  it('gives way to the environment, and tells where each setting came from', () => {
    file('session', complete.SESSION_SECRET)
    const { SESSION_SECRET: _, ...rest } = complete
    const config = read('server:\n  port: 9000\n  data: here\nsite:\n  name: Harbour Data\n', {
      ...rest,
      PORT: '9001',
      SESSION_SECRET_FILE: join(folder, 'session'),
      GLOBUS_SDK_SERVICE_URL_AUTH: 'http://127.0.0.1:8889/',
    })
    expect(config).toMatchObject({ port: 9001, dataFolder: 'here', site: { name: 'Harbour Data' } })
    const origins = Object.fromEntries(config.origins.map(({ key, value, from }) => [key, `${value} (${from})`]))
    expect(origins).toMatchObject({
      'server.port': '9001 (PORT)',
      'server.data': 'here (portal.yaml, line 3)',
      'server.listen': 'loopback (default)',
      'session.secret': 'hidden, 34 bytes (SESSION_SECRET_FILE)',
      'globus.clientSecret': 'hidden, 16 bytes (GLOBUS_CLIENT_SECRET)',
      'globus.services.AUTH': 'http://127.0.0.1:8889/ (GLOBUS_SDK_SERVICE_URL_AUTH)',
      'site.name': 'Harbour Data (portal.yaml, line 5)',
      'metrics.token': 'not set (default)',
    })
    for (const secret of [complete.SESSION_SECRET, complete.GLOBUS_CLIENT_SECRET])
      expect(JSON.stringify(config.origins)).not.toContain(secret)
  })

  it('describes datasets, search and access in few words, and fills in the rest', () => {
    file('tides.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>')
    const config = read(`
mode: datasets
access: { require: { domain: Harbour.example } }
admins: { identities: [Maya.Okafor@harbour.example], group: 0c9d4e58-2f6a-4b7c-9e10-5a3b8c7d5001 }
datasets:
  - { id: tides, title: Tides, collection: ${collection}, path: /release, licence: CC0 1.0, image: tides.svg }
  - id: crew
    title: For the crew
    collection: ${collection.toUpperCase()}
    access: { require: { group: [0c9d4e58-2f6a-4b7c-9e10-5a3b8c7d5001], identities: [sam@globusid.org] } }
search:
  index: 8e1f2a3b-4c5d-4e6f-8a7b-9c0d1e2f6001
  facets: [{ field: year, title: Year }, { field: station }]
`)
    expect(config.access).toEqual({ groups: [], domains: ['harbour.example'], identities: [] })
    expect(config.admins).toEqual({
      identities: ['maya.okafor@harbour.example'],
      groups: ['0c9d4e58-2f6a-4b7c-9e10-5a3b8c7d5001'],
    })
    expect(config.datasets).toMatchObject([
      { id: 'tides', path: '/release/', licence: { name: 'CC0 1.0' }, image: join(folder, 'tides.svg'), text: '' },
      { id: 'crew', path: '/', collection, access: { domains: [], identities: ['sam@globusid.org'] } },
    ])
    expect(config.search).toMatchObject({
      heading: 'title',
      pageSize: 20,
      facets: [
        { field: 'year', title: 'Year' },
        { field: 'station', title: 'station' },
      ],
    })
  })

  it('is refused with all that is wrong at once, by line, key, value and remedy', () => {
    const found = complaints(
      `server:
  port: http
site:
  naem: Harbour
  accent: { light: '#f2b35a' }
  logo: missing.svg
datasets:
  - id: Tidal Survey
    title: Tides
  - { id: tides, title: Tides, collection: ${collection}, path: /a/../b }
search: { index: harbour }
colour: blue
`,
      { ...complete, PORTAL_MODE: 'all' },
    )
    const beginnings = [
      'portal.yaml, line 4: site.naem is not known; did you mean name?',
      'portal.yaml, line 12: colour is not known; known here: ',
      'portal.yaml, line 2: server.port is "http"; it must be a port number',
      'PORTAL_MODE is "all"; it must be datasets (published datasets only)',
      'portal.yaml, line 6: site.logo is "missing.svg"; it must be an SVG, PNG',
      'portal.yaml, line 5: site.accent.light is "#f2b35a"; it must be a colour such as',
      'portal.yaml, line 8: datasets[0].id is "Tidal Survey"; it must be a word for the address',
      'portal.yaml, line 8: datasets[0].collection is missing; it must be the UUID of the collection',
      'portal.yaml, line 10: datasets[1].path is "/a/../b"; it must be its folder there',
      'portal.yaml, line 11: search.index is "harbour"; it must be the UUID of a Globus Search index',
    ]
    for (const beginning of beginnings) expect(found).toContainEqual(expect.stringContaining(`  ${beginning}`))
    expect(found).toHaveLength(beginnings.length)
  })

  it.each([
    ['sit: { name: X }', 'sit is not known; did you mean site?'],
    ['clientId: x', 'clientId is not known; did you mean globus.clientId?'],
    ['access: { group: x }', 'access.group is not known; did you mean access.require.group?'],
    ['access: { require: {} }', 'access.require is {}; it must be one or more of group'],
    ['access: {}', 'access.require is missing; it must be one or more of group'],
    ['access:\n  require: { identities: maya }', 'access.require.identities is "maya"; it must be a list of usernames'],
    ['datasets: { id: x }', 'datasets is {"id":"x"}; it must be a list of datasets'],
    [`datasets: [${twin}, ${twin}]`, 'line 1: datasets[1].id is "tides"; it must be a word for the address'],
    ['mode: browse', 'mode is "browse"; it must be datasets'],
    ['session: a-secret-in-the-wrong-place', 'session holds something else; it must be one or more of these keys'],
    ['metrics: { token: short }', 'metrics.token has 5 bytes; it must be at least 16 characters'],
    ['metrics: { tokenFile: nowhere }', 'metrics.tokenFile is "'],
    [
      'globus: { services: { AUTH: "https://me:pw@x" } }',
      'globus.services.AUTH is "https://…@x"; it must be the https',
    ],
    ['site: { links: [{ text: X, href: "javascript:alert(1)" }] }', 'site.links[0].href is "javascript:alert(1)"; it'],
    ['site: { links: [{ text: X, href: "//evil.example" }] }', 'site.links[0].href is "//evil.example"; it must be'],
  ])('says of %s: %s', (yaml, complaint) => {
    const found = complaints(yaml)
    expect(found).toContainEqual(expect.stringContaining(complaint))
    expect(found.length).toBeLessThan(3)
    expect(found.join()).not.toContain('a-secret-in')
  })

  it('never quotes a secret, wherever in the file it went wrong', () => {
    const secret = fc.stringMatching(/^[a-z]{12,24}$/)
    fc.assert(
      fc.property(secret, secret, (session, client) => {
        const wrong = [
          `session: ${session}\nglobus: { clientSecret: [${client}] }`,
          `session: { secret: ${session}, secretFile: x }\nglobus: [${client}]`,
          `session: { secret: [${session}\nglobus: ${client}`,
          `session: { secret: *${session} }`,
        ]
        for (const yaml of wrong) {
          let message = ''
          try {
            read(yaml, {})
          } catch (error) {
            message = String(error)
          }
          expect(message).toMatch(/ConfigurationError/)
          expect(message).not.toContain(session)
          expect(message).not.toContain(client)
        }
      }),
      { numRuns: 25 },
    )
  })

  it.each([
    ['a: 1\na: 2\n', 'line 2, column 1: This key stands here a second time.'],
    ['site:\n\tname: X\n', 'line 2, column 1: Indent with spaces, not with tabs.'],
    ['site: { name: X', 'a bracket before it is not closed'],
    ['- site\n', 'must hold keys with values'],
  ])('that is not a mapping in YAML is refused by the place: %j', (yaml, reason) => {
    expect(() => read(yaml)).toThrow(reason)
  })

  it('must be there when it is named, and need not hold anything', () => {
    const missing = { ...complete, PIERHEAD_CONFIG: join(folder, 'nowhere.yaml') }
    expect(() => readConfig(missing)).toThrow(/cannot read its settings from .*nowhere\.yaml \(ENOENT\)/)
    expect(read('').site.name).toBe('Pierhead Data Portal')
    expect(read('site:\nmode:\n').mode).toBe('both')
  })
})

describe('a variable of the environment', () => {
  it('is refused when it is almost the name of one, and left alone when it is somebody else’s', () => {
    const message = (environment: Record<string, string>) => complaints('', { ...complete, ...environment }).join('')
    expect(message({ PORTAL_REVAEL_TOKENS: '1' })).toContain(
      'PORTAL_REVAEL_TOKENS is not known; did you mean PORTAL_REVEAL_TOKENS?',
    )
    expect(message({ GLOBUS_CLIENT_SECRT_FILE: 'x' })).toContain('did you mean GLOBUS_CLIENT_SECRET_FILE?')
    expect(message({ PORTAL_SERVICE_HOST: '10.0.0.1', PORTAL_PORT: 'tcp://10.0.0.1', PIERHEAD_GLOBUS: 'x' })).toBe('')
  })

  it('and its file contradict each other, and a file that cannot be read is named', () => {
    const both = { ...complete, SESSION_SECRET_FILE: file('session', complete.SESSION_SECRET) }
    expect(complaints('', both)).toEqual(['  SESSION_SECRET and SESSION_SECRET_FILE are both given; keep one of them'])
    const { GLOBUS_CLIENT_SECRET: _, ...rest } = complete
    const unreadable = complaints('', { ...rest, GLOBUS_CLIENT_SECRET_FILE: '/nowhere/secret' })
    expect(unreadable).toEqual([
      '  GLOBUS_CLIENT_SECRET_FILE is "/nowhere/secret", which cannot be read; it must be the path of a file that ' +
        'holds nothing but it, such as /run/secrets/portal',
    ])
  })

  it('grants nothing without a condition, nothing but reading, and only for datasets', () => {
    const dataset = (access: string): string => `datasets:\n  - ${twin.replace(' }', `, access: ${access} }`)}\n`
    const require = 'require: { domain: example.edu }'
    expect(read(dataset(`{ ${require}, grant: read }`)).datasets).toMatchObject([
      { access: { domains: ['example.edu'], groups: [], identities: [] }, grant: 'read' },
    ])
    expect(read(dataset(`{ ${require} }`)).datasets[0]?.grant).toBeUndefined()
    expect(complaints(dataset('{ grant: read }'))).toEqual([
      expect.stringContaining('datasets[0].access.require is missing; it must be one or more of group, domain'),
    ])
    expect(complaints(dataset('{ require: {}, grant: read }'))).toHaveLength(1)
    expect(complaints(dataset(`{ ${require}, grant: write }`))).toEqual([
      expect.stringMatching(/datasets\[0\]\.access\.grant is "write"; it must be read \(/),
    ])
    expect(complaints(`access: { ${require}, grant: read }\n`)).toEqual([
      expect.stringContaining('access.grant is not known'),
    ])
  })
})
