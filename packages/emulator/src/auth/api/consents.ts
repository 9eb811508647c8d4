import type { EmulatorContext } from '../../context.ts'
import { forbidden } from '../../http/error-documents.ts'
import type { PathParameters } from '../../routes.ts'
import type { Consent } from '../../world/consents.ts'
import { authenticateCaller, requireScope } from './caller.ts'
import { timestamp } from './timestamp.ts'

/**
 * `GET /v2/api/identities/:id/consents`: what the person allowed the calling app, or with `all=true` and the scope `view_consents` every
 * app. Parents come before children; a child's `client` is the service that holds the parent scope.
 */
export function listConsents(request: Request, context: EmulatorContext, { id = '' }: PathParameters): Response {
  const caller = authenticateCaller(request, context)
  if (!caller.identities.includes(id.toLowerCase())) throw forbidden('These are the consents of somebody else')
  // Python sends True and False.
  const all = new URL(request.url).searchParams.get('all')?.toLowerCase() === 'true'
  if (all) requireScope(caller, 'view_consents')
  const everything = context.world.consents.ofIdentity(caller.identity)
  const mine = all ? everything : everything.filter(({ rootClient }) => rootClient === caller.client)
  const parents = new Map(everything.map((consent) => [consent.id, consent]))
  return Response.json({ consents: mine.flatMap((consent) => document(consent, parents, context)) })
}

function document(
  consent: Consent,
  parents: ReadonlyMap<number, Consent>,
  { world }: EmulatorContext,
): readonly object[] {
  const scope = world.scopes.find(consent.scope)
  if (scope === undefined) return []
  return [
    {
      created: timestamp(consent.createdAt),
      id: consent.id,
      status: 'approved',
      updated: timestamp(consent.updatedAt),
      allows_refresh: scope.allowsRefreshToken,
      dependency_path: pathTo(consent, parents),
      scope_name: consent.scope,
      atomically_revocable: consent.atomicallyRevocable,
      effective_identity: consent.identity,
      auto_approved: false,
      last_used: timestamp(consent.lastUsedAt),
      scope: scope.id,
      client: consent.client,
    },
  ]
}

/** The ids from the root of the tree to the consent itself. */
function pathTo(consent: Consent, parents: ReadonlyMap<number, Consent>): readonly number[] {
  const path: number[] = []
  for (
    let at: Consent | undefined = consent;
    at !== undefined;
    at = at.parent === null ? undefined : parents.get(at.parent)
  )
    path.unshift(at.id)
  return path
}
