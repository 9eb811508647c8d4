import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseSettings } from '../lib/settings.ts'

const client = {
  GLOBUS_CLIENT_ID: '4de65cd7-4363-4510-b652-f8d15a43a0af',
  GLOBUS_CLIENT_SECRET: 'quiet-harbour',
  GLOBUS_REDIRECT_URI: 'http://localhost:8888/login',
}

test('S1.29 an empty environment means the emulator on the usual ports', () => {
  expect(parseSettings({}, 'repository')).toEqual({
    port: 8888,
    emulatorPort: 8889,
    data: join('repository', '.pierhead'),
    globus: undefined,
  })
})

test('reads ports and the data folder, an empty value as none', () => {
  const settings = parseSettings({ PORT: '9000', EMULATOR_PORT: '', PIERHEAD_DATA: 'elsewhere' }, '/srv')
  expect(settings).toMatchObject({ port: 9000, emulatorPort: 8889, data: join('/srv', 'elsewhere') })
})

test.each(['0', '65536', '80a', '-1', '1e3', ' 80'])('refuses the port %j', (PORT) => {
  expect(() => parseSettings({ PORT }, '.')).toThrow(
    new TypeError(`PORT is ${JSON.stringify(PORT)}; it must be a port number from 1 to 65535.`),
  )
})

test('takes the client of the real Globus from the environment', () => {
  const settings = parseSettings({ PIERHEAD_GLOBUS: 'preview', ...client }, '.')
  expect(settings.globus).toEqual({
    kind: 'preview',
    clientId: client.GLOBUS_CLIENT_ID,
    clientSecret: 'quiet-harbour',
    redirectUri: 'http://localhost:8888/login',
  })
})

test('serves the port that a loopback redirect names, unless PORT says otherwise', () => {
  const env = { PIERHEAD_GLOBUS: 'production', ...client, GLOBUS_REDIRECT_URI: 'http://localhost:5000/login' }
  expect(parseSettings(env, '.').port).toBe(5000)
  expect(parseSettings({ ...env, PORT: '5001' }, '.').port).toBe(5001)
  expect(parseSettings({ ...env, GLOBUS_REDIRECT_URI: 'https://portal.example.org/login' }, '.').port).toBe(8888)
})

test.each(Object.keys(client))('explains what %s is when it is missing', (name) => {
  const env = { PIERHEAD_GLOBUS: 'production', ...client, [name]: '' }
  const others = Object.keys(client).filter((other) => other !== name)
  expect(() => parseSettings(env, '.')).toThrow(new RegExp(`\\n  ${name}: .{20,}`))
  for (const other of others) expect(() => parseSettings(env, '.')).not.toThrow(new RegExp(`  ${other}:`))
})

test('shows no secret when something else is missing', () => {
  const env = { PIERHEAD_GLOBUS: 'production', ...client, GLOBUS_CLIENT_ID: '' }
  expect(() => parseSettings(env, '.')).not.toThrow(/quiet-harbour/)
})

test('refuses a redirect that is no address, and a Globus that does not exist', () => {
  const env = { PIERHEAD_GLOBUS: 'production', ...client, GLOBUS_REDIRECT_URI: 'localhost/login' }
  expect(() => parseSettings(env, '.')).toThrow(/^GLOBUS_REDIRECT_URI is "localhost\/login"; it must be the redirect/)
  expect(() => parseSettings({ PIERHEAD_GLOBUS: 'prod' }, '.')).toThrow(
    new TypeError('PIERHEAD_GLOBUS is "prod"; it can be emulator, production or preview.'),
  )
})
