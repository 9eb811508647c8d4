import type { EmulatorContext } from '../context.ts'
import type { Collection } from '../world/collections.ts'
import type { Call } from './call.ts'
import { TRANSFER_SCOPE } from './caller.ts'
import { TransferError } from './errors.ts'

/** The scope by which Transfer reads and writes a mapped collection on a person's behalf. */
export const dataAccessScope = (collection: string): string =>
  `https://auth.globus.org/scopes/${collection}/data_access`

/** Whether a collection wants the consent: mapped ones do unless they are high-assurance. */
export const needsConsent = ({
  entityType,
  highAssurance,
}: Pick<Collection, 'entityType' | 'highAssurance'>): boolean =>
  entityType === 'GCSv5_mapped_collection' && !highAssurance

/** Whether a person let an app's use of Transfer work with the collection. */
export function hasConsent(
  collection: Collection,
  owner: { readonly client: string; readonly identity: string },
  { world }: Pick<EmulatorContext, 'world'>,
): boolean {
  if (!needsConsent(collection)) return true
  const transfer = world.scopes.find(TRANSFER_SCOPE)
  const access = world.scopes.find(dataAccessScope(collection.id))
  if (transfer === undefined || access === undefined) return true
  const dependencies = [{ scope: access, optional: true, dependencies: [] }]
  return world.consents.covers(owner, [{ scope: transfer, optional: false, dependencies }])
}

/** @throws TransferError 403 `ConsentRequired` with the scopes to ask for */
export function requireConsents(collections: readonly Collection[], { caller, context }: Call): void {
  const owner = { client: caller.client, identity: caller.id }
  const missing = collections.filter((collection) => !hasConsent(collection, owner, context))
  if (missing.length === 0) return
  const scopes = missing.map(({ id }) => `${TRANSFER_SCOPE}[*${dataAccessScope(id)}]`)
  const message = 'Missing required data_access consent'
  throw new TransferError(403, 'ConsentRequired', message, {
    extra: {
      required_scopes: scopes,
      authorization_parameters: { session_message: message, required_scopes: scopes },
    },
  })
}
