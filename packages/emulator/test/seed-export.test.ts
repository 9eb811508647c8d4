import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import * as z from 'zod'
import { createEmulator, demo, exportSeed, parseSeed, type Emulator, type EmulatorOptions } from '../src/index.ts'
import { seedSchema } from '../src/seed.ts'

function start(options: EmulatorOptions = {}): Emulator {
  const emulator = createEmulator(options)
  onTestFinished(() => emulator.close())
  return emulator
}

it('publishes the schema of seed files', async () => {
  const schema = z.toJSONSchema(seedSchema, { io: 'input', unrepresentable: 'any' })
  const about = { title: 'A seed of the Pierhead emulator', description: 'What --seed takes and world export writes' }
  await expect(`${JSON.stringify({ ...about, ...schema }, null, 2)}\n`).toMatchFileSnapshot('../seed.schema.json')
})

it('writes a world as a seed that makes the same one again', () => {
  const first = start()
  const { world } = first
  world.memberships.putFields(demo.groups.tideCrew, demo.people.sam, { institution: 'None' })
  world.accessRules.remove(demo.collections.oddNames, world.accessRules.list(demo.collections.oddNames, 0)[0]?.id ?? '')
  first.registerApp({ name: 'My Portal', type: 'portal', redirectUris: ['http://localhost:4000/login'] })
  const seed = exportSeed(world, { secrets: true })
  const text = JSON.stringify(seed)
  const second = start({ seed: parseSeed(text) })
  expect(exportSeed(second.world, { secrets: true })).toEqual(seed)
  expect(seed.search_indexes?.[0]?.entries).toHaveLength(240)
  expect(seed.collections?.length).toBeGreaterThan(160)
  expect(second.world.accessRules.list(demo.collections.oddNames, 0)).toEqual([])
})

it('keeps secrets out unless they are asked for', () => {
  const { world } = start()
  const secrets = [
    ...world.identities.people().map(({ password }) => password ?? ''),
    ...world.clients.all().flatMap(({ id }) => world.clients.secrets(id)),
  ].filter((secret) => secret !== '')
  const [without, withThem] = [JSON.stringify(exportSeed(world)), JSON.stringify(exportSeed(world, { secrets: true }))]
  expect(secrets.length).toBeGreaterThan(5)
  for (const secret of secrets.slice(0, 5)) {
    expect(without).not.toContain(secret)
    expect(withThem).toContain(secret)
  }
})

it('makes a world without the demo world', () => {
  const { world } = start({ seed: parseSeed('{"demo": false}') })
  expect([world.identities.people(), world.collections.all(), world.groups.all()]).toEqual([[], [], []])
})

it('takes groups, indexes and collections beside the demo world', () => {
  const [group, index, collection] = ['1', '2', '3'].map((digit) => `11111111-2222-4333-8444-00000000000${digit}`)
  const seed = {
    groups: [{ id: group, name: 'Divers', memberships: [{ identity_id: demo.people.sam, role: 'admin' }] }],
    search_indexes: [
      {
        id: index,
        display_name: 'Wrecks',
        description: '',
        entries: [{ subject: 'a', visible_to: ['public'], content: {} }],
      },
    ],
    collections: [
      {
        id: collection,
        owner: demo.people.sam,
        display_name: 'Dives',
        entity_type: 'GCSv5_guest_collection',
        folder: 'dives',
      },
    ],
  }
  const { world } = start({ seed: parseSeed(JSON.stringify(seed)) })
  expect(world.memberships.groupsOf([demo.people.sam])).toEqual(new Set([group]))
  expect(world.searchEntries.ofIndex(index ?? '')).toHaveLength(1)
  expect(world.collections.find(collection ?? '')).toMatchObject({ displayName: 'Dives', public: true })
})

it('names the line of what is wrong', () => {
  const text =
    '{\n  "groups": [\n    {\n      "id": "x",\n      "name": "Divers \\" { [",\n      "policies": { "join_requests": 1 }\n    }\n  ]\n}'
  expect(() => parseSeed(text)).toThrow('line 4, groups.0.id: ')
  expect(() => parseSeed(text)).toThrow('line 6, groups.0.policies.join_requests: ')
  expect(() => parseSeed('{\n\n"groups": [{}]}')).toThrow('line 3, groups.0.name: ')
})

it('refuses members and owners that do not exist', () => {
  const id = '11111111-2222-4333-8444-000000000001'
  const group = { groups: [{ id, name: 'Divers', memberships: [{ identity_id: id }] }] }
  expect(() => start({ seed: parseSeed(JSON.stringify(group)) })).toThrow(`Group Divers: identity ${id} does not exist`)
})

it('is a command', () => {
  const data = mkdtempSync(join(tmpdir(), 'pierhead-test-'))
  onTestFinished(() => rmSync(data, { recursive: true, force: true }))
  createEmulator({ dataDir: data }).close()
  const program = join(import.meta.dirname, '../src/cli.ts')
  const run = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, ['--conditions=pierhead-source', program, 'world', ...args], {
      encoding: 'utf8',
      timeout: 60_000,
    })
  const exported = run('export', '--data', data)
  expect(exported.status).toBe(0)
  expect(parseSeed(exported.stdout).groups).toHaveLength(3)
  expect(run('import').stderr).toContain('there is world export')
  expect(run('--help').stdout).toContain('--with-secrets')
}, 60_000)
