import type { Context } from 'hono'
import { getSession } from 'pierhead/hono'
import type { LoginSession } from 'pierhead'
import { requireAccess } from '../../access/require-access.ts'
import type { DatasetConfig, PortalConfig } from '../../config/types.ts'
import type { PortalContext } from '../../context.ts'

export interface OpenedDataset {
  readonly dataset: DatasetConfig
  /** Undefined: the visitor is not logged in, and need not be. */
  readonly session: LoginSession | undefined
}

/** Whom to ask for access to a dataset. */
export const contactFor = ({ site }: PortalConfig, { contact }: DatasetConfig): string | undefined =>
  contact ?? site.contact

/**
 * The dataset that the address names, once the visitor meets its conditions. Undefined: there is none.
 * @throws what `requireAccess` throws
 */
export async function openDataset(c: Context, { config }: PortalContext): Promise<OpenedDataset | undefined> {
  const dataset = config.datasets.find(({ id }) => id === c.req.param('id'))
  if (dataset === undefined) return undefined
  if (dataset.access === undefined) return { dataset, session: getSession(c) }
  return { dataset, session: await requireAccess(c, dataset.access, { contact: contactFor(config, dataset) }) }
}
