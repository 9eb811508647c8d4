import type { EmulatorContext } from '../../context.ts'
import { badRequest } from '../../http/error-documents.ts'
import { authenticateCaller } from './caller.ts'
import { providerDocument } from './identity-document.ts'
import { idsParameter, listParameter } from './list-parameter.ts'

/** `GET /v2/api/identity_providers?ids=` or `?domains=`: exactly one of the two. Those that do not exist are left out. */
export function findIdentityProviders(request: Request, context: EmulatorContext): Response {
  authenticateCaller(request, context)
  const query = new URL(request.url).searchParams
  const ids = idsParameter(query, 'ids')
  const domains = listParameter(query, 'domains')
  if ((ids === undefined) === (domains === undefined)) throw badRequest('Give either ids or domains')
  const { identities } = context.world
  const found = [
    ...(ids ?? []).flatMap((id) => identities.findProvider(id) ?? []),
    ...(domains ?? []).flatMap((domain) => identities.findProviderByDomain(domain) ?? []),
  ]
  const distinct = new Map(found.map((provider) => [provider.id, provider]))
  return Response.json({ identity_providers: Array.from(distinct.values(), providerDocument) })
}
