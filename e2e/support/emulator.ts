import { randomBytes, randomUUID } from 'node:crypto'
import { startEmulator, type Behaviour, type RunningEmulator } from '@pierhead/emulator'

/** The two resource servers that the apps of these tests ask tokens for. */
export const authServer = 'auth.globus.org'
export const transferServer = 'transfer.api.globus.org'

/** An app as it is registered at the emulator. */
export interface Registration {
  readonly clientId: string
  readonly clientSecret: string
}

/** A local Globus on a free port. Not `localhost`: to a browser it is another site than the apps, as in life. */
export function startGlobus(behaviour: Partial<Behaviour> = {}): Promise<RunningEmulator> {
  return startEmulator({ port: 0, hosts: ['127.0.0.1'], behaviour })
}

/** Registers an app of its own for each test, so that its tokens can be counted apart. */
export function registerApp(globus: RunningEmulator, name: string, redirectUri: string): Registration {
  const clientId = randomUUID()
  const clientSecret = randomBytes(32).toString('base64')
  globus.world.clients.put({
    id: clientId,
    name,
    clientType: 'confidential_client',
    parentClient: null,
    redirectUris: [redirectUri],
    privacyPolicy: null,
    termsAndConditions: null,
  })
  globus.world.clients.addSecret(clientId, randomUUID(), clientSecret, Date.now())
  return { clientId, clientSecret }
}

/** How many tokens of an app would still work, of both kinds and all people. */
export function liveTokens(globus: RunningEmulator, { clientId }: { readonly clientId: string }): number {
  return globus.world.tokens
    .census(Date.now())
    .filter(({ client }) => client === clientId)
    .reduce((sum, { live }) => sum + live, 0)
}

/** Ends a token as its owner would at Globus, without the app. */
export function revokeToken(globus: RunningEmulator, text: string): void {
  const token = globus.world.tokens.findLive(text, Date.now())
  if (token === undefined) throw new Error('The token is dead already.')
  globus.world.tokens.revoke(token, Date.now())
}

/** Resolves with the number of token requests that were sent while `work` ran. */
export async function countTokenRequests(globus: RunningEmulator, work: () => Promise<unknown>): Promise<number> {
  const before = requestsTo(globus, '/v2/oauth2/token')
  await work()
  return requestsTo(globus, '/v2/oauth2/token') - before
}

export function requestsTo(globus: RunningEmulator, path: string): number {
  return globus.requestCounts.get(path) ?? 0
}

/** What the emulator says of a token (RFC 7662). */
export async function introspect(
  globus: RunningEmulator,
  { clientId, clientSecret }: Registration,
  token: string,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${globus.origin}/v2/oauth2/token/introspect`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({ token }),
  })
  // RFC 7662 section 2.2: a JSON object.
  return (await response.json()) as Record<string, unknown>
}
