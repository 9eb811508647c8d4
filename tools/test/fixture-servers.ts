import { join } from 'node:path'
import { makeTree } from './tree.ts'

/** Answers like the emulator's command, with as much behind it as the tooling sees. */
const emulator = `
import { createServer } from 'node:http'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
const { values } = parseArgs({ options: {
  port: { type: 'string' }, info: { type: 'string' }, data: { type: 'string' },
  'redirect-uri': { type: 'string', multiple: true, default: [] }, quiet: { type: 'boolean' } } })
mkdirSync(values.data, { recursive: true })
const starts = join(values.data, 'starts')
writeFileSync(starts, existsSync(starts) ? readFileSync(starts, 'utf8') + '+' : '+')
const url = 'http://127.0.0.1:' + values.port
createServer((request, response) => {
  if (request.url === '/crash') process.exit(3)
  response.end(String(process.pid))
}).listen(Number(values.port), '127.0.0.1', () => {
  writeFileSync(values.info + '.new', JSON.stringify({
    url, env: { GLOBUS_SDK_SERVICE_URL_AUTH: url + '/', STARTS: readFileSync(starts, 'utf8') },
    identities: [
      { name: 'Maya Okafor', username: 'maya@harbour.example', password: 'tide-tables', organization: 'Harbour University' },
      { name: 'Harbour Portal', username: 'x@clients.auth.globus.org' },
    ],
    clients: [
      { client_id: 'native', redirect_uris: ['http://localhost:8888/login'] },
      { client_id: 'portal', client_secret: 'hush',
        redirect_uris: ['http://localhost:8888/login', ...values['redirect-uri'].map((one) => one.split('=').slice(1).join('='))] },
    ],
  }))
  renameSync(values.info + '.new', values.info)
})
`

/** Answers every request with its environment. */
const portal = `
import { createServer } from 'node:http'
const answer = (request, response) => {
  if (request.url === '/crash') process.exit(4)
  response.end(JSON.stringify({ pid: process.pid, env: process.env }))
}
createServer(answer).listen(Number(process.env.PORT), '127.0.0.1', () => {
  console.log('a line of the portal')
  console.log('portal ready http://localhost:' + process.env.PORT)
})
`

/** Files that stand where the emulator and the portal stand in the repository. */
export function makeServers(more: Readonly<Record<string, string>> = {}): {
  root: string
  emulator: string
  portal: string
} {
  const paths = { emulator: 'packages/emulator/src/cli.ts', portal: 'apps/portal/src/main.ts' }
  const files = { 'package.json': '{"type":"module"}', 'packages/pierhead/src/index.ts': '' }
  const root = makeTree({ ...files, [paths.emulator]: emulator, [paths.portal]: portal, ...more })
  return { root, emulator: join(root, paths.emulator), portal: join(root, paths.portal) }
}
