// Debian's mod_auth_openidc in an Apache of its own: a page behind a login that no line of a program made.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { get as httpGet, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { assert, authorize, feature, world } from './support.ts'

const { apache: app } = world.clients
const { maya } = world.people
const callback = new URL(app.redirect_uri)
const folder = mkdtempSync(join(tmpdir(), 'pierhead-apache-'))

const modules = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'dir', 'alias', 'headers', 'auth_openidc']
const configuration = `
ServerRoot "${folder}"
ServerName localhost
Listen 127.0.0.1:${callback.port}
PidFile "${folder}/pid"
ErrorLog "${folder}/log"
LogLevel warn
DefaultRuntimeDir "${folder}"
${modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
User www-data
Group www-data
DocumentRoot "${folder}/pages"
OIDCProviderMetadataURL ${world.url}/.well-known/openid-configuration
OIDCClientID ${app.id}
OIDCClientSecret "${app.secret}"
OIDCProviderTokenEndpointAuth client_secret_basic
OIDCRedirectURI ${callback.href}
OIDCCryptoPassphrase only-for-this-program
OIDCScope "openid profile email"
OIDCAuthRequestParams access_type=offline
OIDCIDTokenSignedResponseAlg RS512
OIDCPKCEMethod S256
OIDCCookieSameSite On
OIDCRemoteUserClaim preferred_username
OIDCInfoHook userinfo id_token access_token refresh_token
<Location /private>
  AuthType openid-connect
  Require valid-user
  Header always set X-Person "expr=%{REMOTE_USER}"
</Location>
`

const cookies = new Map<string, string>()

async function get(address: string | URL): Promise<Response> {
  const cookie = Array.from(cookies, ([name, value]) => `${name}=${value}`).join('; ')
  // Not fetch: its headers say that a script asks, and scripts are not sent to log in.
  const request = httpGet(address, { headers: { cookie, accept: 'text/html' } })
  const [incoming] = await once(request, 'response')
  const response = await toResponse(incoming)
  for (const line of response.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    if (value === '' || /expires=Thu, 01 Jan 1970/i.test(line)) cookies.delete(name)
    else cookies.set(name, value)
  }
  return response
}

async function toResponse(incoming: IncomingMessage): Promise<Response> {
  const headers = new Headers()
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value)
  }
  const body = await text(incoming)
  return new Response(body === '' ? null : body, { status: incoming.statusCode ?? 0, headers })
}

const secretPage = new URL('/private/', callback)
const info = async (): Promise<Record<string, unknown>> => {
  const response = await get(`${callback.href}?info=json`)
  assert(response.status === 200, `info hook: status ${response.status}`)
  // The module's hook gives a record of what OIDCInfoHook names.
  return (await response.json()) as Record<string, unknown>
}

mkdirSync(join(folder, 'pages/private'), { recursive: true })
writeFileSync(join(folder, 'pages/private/index.html'), 'Only for people who are logged in')
// As root, Apache's workers are another user.
chmodSync(folder, 0o755)
writeFileSync(join(folder, 'apache.conf'), configuration)
const apache = spawn('/usr/sbin/apache2', ['-f', join(folder, 'apache.conf'), '-D', 'FOREGROUND'], { stdio: 'inherit' })
for (let tries = 0; tries < 100; tries += 1) {
  if (await fetch(callback.origin).then(Boolean, () => false)) break
  await delay(100)
}

await feature('login', async () => {
  const sent = await get(secretPage)
  const back = await authorize(sent.headers.get('location') ?? '')
  const done = await get(back)
  assert(done.headers.get('location') === secretPage.href, `status ${done.status}: ${await done.text()}`)
  const shown = await get(secretPage)
  assert(shown.headers.get('x-person') === maya.username, `status ${shown.status}`)
})

await feature(
  'userinfo',
  async () => {
    const { userinfo } = await info()
    assert(JSON.stringify(userinfo).includes(maya.email), userinfo)
  },
  'login',
)

await feature(
  'refresh',
  async () => {
    const before = await info()
    const address = new URL(callback)
    address.search = new URLSearchParams({
      refresh: secretPage.href,
      access_token: String(before.access_token),
    }).toString()
    const response = await get(address)
    const after = await info()
    assert(after.access_token !== before.access_token, `status ${response.status} ${response.headers.get('location')}`)
  },
  'login',
)

await feature(
  'logout',
  async () => {
    await get(`${callback.href}?logout=${encodeURIComponent(callback.origin)}`)
    const shown = await get(secretPage)
    assert(shown.headers.get('location')?.startsWith(world.url) === true, `status ${shown.status}`)
  },
  'login',
)

if (apache.exitCode === null) {
  const ended = once(apache, 'exit')
  apache.kill('SIGTERM')
  await ended
}
if (existsSync(join(folder, 'log'))) console.error(readFileSync(join(folder, 'log'), 'utf8').slice(-4000))
rmSync(folder, { recursive: true })
