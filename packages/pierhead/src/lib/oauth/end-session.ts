import type { Provider } from './provider.ts'

/** Where the browser comes back to, and what the provider calls that place. */
export interface EndSession {
  readonly redirectUri: string
  readonly redirectName: string
}

/**
 * Globus's logout page. It does not come back by itself: it shows a link. Source: docs.globus.org/api/helper-pages/auth.
 */
export function globusLogoutPage(provider: Provider, { redirectUri, redirectName }: EndSession): string {
  const { issuer, clientId } = provider.options
  const url = new URL(`${issuer}/v2/web/logout`)
  url.searchParams.set('client_id', clientId)
  url.searchParams.set('redirect_uri', redirectUri)
  url.searchParams.set('redirect_name', redirectName)
  return url.href
}

/**
 * The page that ends the person's login at the provider: what the metadata name (OpenID Connect RP-Initiated Logout 1.0
 * section 2), else Globus's own page where the provider is Globus, else none. Never throws: logging out here must not
 * depend on it.
 */
export async function endSessionUrl(
  provider: Provider,
  request: EndSession,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const metadata = await provider.metadata.current(signal).catch(() => undefined)
  if (metadata?.endSessionEndpoint === undefined) {
    const isGlobus = metadata?.tokenEndpoint === `${provider.options.issuer}/v2/oauth2/token`
    return isGlobus ? globusLogoutPage(provider, request) : undefined
  }
  const url = new URL(metadata.endSessionEndpoint)
  url.searchParams.set('client_id', provider.options.clientId)
  url.searchParams.set('post_logout_redirect_uri', request.redirectUri)
  return url.href
}
