import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { remedies } from '../src/config/remedies.ts'
import { fileVariable, variables } from '../src/config/variables.ts'
import { readConfig } from '../src/config.ts'

const root = join(import.meta.dirname, '../../..')
const portal = join(root, 'apps/portal')
const environment = {
  SESSION_SECRET: 'Zk3v9qLw8xT2rB5nY7uC1mE4hJ6pS0aD-g',
  GLOBUS_CLIENT_ID: 'b1f2e3d4-7a65-4c3b-9d2e-1f0a9b8c3001',
  GLOBUS_CLIENT_SECRET: 'Vr0Y+2fGkq/w8d1n',
  GLOBUS_REDIRECT_URI: 'https://data.example.org/login',
}
const guides = ['docs/portal.md', 'docs/deploy.md']
const blocks = guides.flatMap((page) =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(
    ([, text = ''], index) => [`${page}, block ${index + 1}`, text] as const,
  ),
)

let folder: string
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'pierhead-documented-'))))
afterAll(() => rmSync(folder, { recursive: true }))

it.each(blocks)('the settings in %s are good', (_, text) => {
  const file = join(folder, 'portal.yaml')
  writeFileSync(join(folder, 'token'), '5f0c8f0a3de94b6a')
  writeFileSync(file, text.replace('/etc/pierhead/metrics-token', join(folder, 'token')))
  expect(readConfig({ ...environment, [fileVariable]: file }).origins.length).toBeGreaterThan(20)
})

it('the example and the demo can be used as they are', () => {
  const example = readConfig({ ...environment, [fileVariable]: join(portal, 'portal.example.yaml') })
  expect(example).toMatchObject({ site: { name: 'Harbour Data' }, datasets: [{ id: 'tidal-survey' }] })
  const demo = readConfig({ ...environment, [fileVariable]: join(portal, 'demo/portal.yaml') })
  expect(demo.datasets.map(({ id }) => id)).toEqual(['tidal-survey', 'tidal-survey-archive', 'tide-crew', 'tide-results'])
})

it('the example has every key, and all that it keeps as a comment is good too', () => {
  const example = readFileSync(join(portal, 'portal.example.yaml'), 'utf8')
  const names = Object.keys(remedies).flatMap((key) => key.match(/[A-Za-z]+/g) ?? [])
  for (const name of new Set(names)) expect(example).toMatch(new RegExp(`^[\\s#-]*(?:\\w+: )?\\{? ?${name}:`, 'm'))
  mkdirSync(join(folder, 'demo'), { recursive: true })
  copyFileSync(join(portal, 'demo/stations.svg'), join(folder, 'demo/stations.svg'))
  const whole = example.replace(/^# (access:|  require:|    (?:group|domain|identities):)/gm, '$1')
  writeFileSync(join(folder, 'example.yaml'), whole)
  const { access } = readConfig({ ...environment, [fileVariable]: join(folder, 'example.yaml') })
  expect(access?.domains).toEqual(['example.edu', 'example.org'])
})

it('the guide has every variable', () => {
  const guide = readFileSync(join(root, 'docs/portal.md'), 'utf8')
  for (const { key, name } of variables) expect(guide).toMatch(new RegExp(`\`${name}\` +\\| \`${key}\``))
})
