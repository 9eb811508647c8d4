import type { EmulatorContext } from '../../context.ts'
import { badRequest, notFound } from '../../http/error-documents.ts'
import { randomUuid } from '../../random.ts'
import type { PathParameters } from '../../routes.ts'
import type { Identity } from '../../world/identities.ts'
import { authenticateCaller } from './caller.ts'
import { identityDocument, providerDocument } from './identity-document.ts'
import { idsParameter, listParameter } from './list-parameter.ts'

/**
 * `GET /v2/api/identities?ids=` or `?usernames=`, at most 100 of them. Those that do not exist are left out; `provision=true` makes them,
 * unused, if an identity provider has their domain.
 */
export function findIdentities(request: Request, context: EmulatorContext): Response {
  authenticateCaller(request, context)
  const query = new URL(request.url).searchParams
  const ids = idsParameter(query, 'ids')
  const usernames = listParameter(query, 'usernames')
  if ((ids === undefined) === (usernames === undefined)) throw badRequest('Give either ids or usernames')
  const provision = query.get('provision')?.toLowerCase() === 'true'
  const { identities } = context.world
  const found = new Set([
    ...(ids ?? []).flatMap((id) => identities.find(id) ?? []),
    ...findByUsername(usernames ?? [], provision, context),
  ])
  const list = Array.from(found)
  return Response.json({ identities: list.map(identityDocument), ...included(list, query, context) })
}

/** `GET /v2/api/identities/:id`. */
export function getIdentity(request: Request, context: EmulatorContext, { id = '' }: PathParameters): Response {
  authenticateCaller(request, context)
  const identity = context.world.identities.find(id.toLowerCase())
  if (identity === undefined) throw notFound('There is no identity with this id')
  const query = new URL(request.url).searchParams
  return Response.json({ identity: identityDocument(identity), ...included([identity], query, context) })
}

function findByUsername(
  usernames: readonly string[],
  provision: boolean,
  context: EmulatorContext,
): readonly Identity[] {
  const wrong = usernames.find((username) => !/^[^\s@]+@[^\s@]+$/.test(username))
  if (wrong !== undefined) throw badRequest(`usernames holds ${JSON.stringify(wrong)}, which has no domain`)
  const { world } = context
  return world.transaction(() =>
    Array.from(new Set(usernames)).flatMap(
      (username) => world.identities.findByUsername(username) ?? (provision ? makeUnused(username, context) : []),
    ),
  )
}

/** An identity that others can share with before the person has ever logged in. */
function makeUnused(username: string, { world, random }: EmulatorContext): readonly Identity[] {
  const provider = world.identities.findProviderByDomain(username.slice(username.lastIndexOf('@') + 1))
  if (provider === undefined) return []
  const id = randomUuid(random)
  world.identities.put({
    id,
    username,
    name: null,
    email: null,
    organization: null,
    identityProvider: provider.id,
    identityType: 'login',
    status: 'unused',
    primaryIdentity: id,
    password: null,
    mfa: false,
  })
  const made = world.identities.find(id)
  return made === undefined ? [] : [made]
}

function included(list: readonly Identity[], query: URLSearchParams, { world }: EmulatorContext): object {
  if (listParameter(query, 'include')?.includes('identity_provider') !== true) return {}
  const ids = new Set(list.map(({ identityProvider }) => identityProvider))
  const providers = Array.from(ids).flatMap((id) => world.identities.findProvider(id) ?? [])
  return { included: { identity_providers: providers.map(providerDocument) } }
}
