import type { LoginSession } from 'pierhead'
import type { CollectionView } from '../collections/collection-view.ts'

/** Whether files of a collection can be read and written here: `none` without an HTTPS server. */
export type HttpsAccess = 'none' | 'not-asked' | 'enabled'

/** The scope for files of a collection. A mapped one also needs that the person lets it be looked into. */
export function httpsScope({ id, needsConsent }: Pick<CollectionView, 'id' | 'needsConsent'>): string {
  const scope = `https://auth.globus.org/scopes/${id}/https`
  return needsConsent ? `${scope}[*https://auth.globus.org/scopes/${id}/data_access]` : scope
}

export function httpsAccess(session: Pick<LoginSession, 'tokens'>, collection: CollectionView): HttpsAccess {
  if (collection.https_server === null) return 'none'
  const scope = `https://auth.globus.org/scopes/${collection.id}/https`
  return session.tokens.some((token) => token.scopes.includes(scope)) ? 'enabled' : 'not-asked'
}
