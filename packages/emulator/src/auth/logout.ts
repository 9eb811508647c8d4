import type { EmulatorContext } from '../context.ts'
import type { Client } from '../world/clients.ts'
import { logOut } from './browser-session.ts'
import { logoutPage } from './pages/logout-page.ts'
import { respondPage } from './pages/respond.ts'

/**
 * `GET /v2/web/logout`: ends the emulator's own session in this browser and nothing else; no token is revoked. It never redirects: with
 * an address that belongs to the client it shows "Continue to …". What Globus checks about the address is unknown; here it must be
 * http or https and of the same origin as a redirect address of the client.
 */
export function logout(browser: Request, context: EmulatorContext): Promise<Response> {
  const query = new URL(browser.url).searchParams
  const clientId = query.get('client_id') ?? query.get('client')
  const client = clientId === null ? undefined : context.world.clients.find(clientId)
  const target = query.get('redirect_uri')
  const link = target !== null && client !== undefined && belongsTo(target, client) ? target : undefined
  const page = logoutPage({
    client,
    link,
    name: query.get('redirect_name') ?? client?.name ?? 'the app',
    refused: target !== null && link === undefined,
  })
  return respondPage(page, { cookies: [logOut(browser, context)] })
}

function belongsTo(target: string, client: Client): boolean {
  const origin = httpOrigin(target)
  return origin !== undefined && client.redirectUris.some((uri) => httpOrigin(uri) === origin)
}

function httpOrigin(address: string): string | undefined {
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) return undefined
  return new URL(address).origin
}
