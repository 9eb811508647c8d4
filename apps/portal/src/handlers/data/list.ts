import type { Handler } from 'hono'
import { getSession } from 'pierhead/hono'
import type { PortalContext } from '../../context.ts'
import { datasetsPage } from '../../views/data/list.ts'
import { personOf } from '../../views/person.ts'
import { loginHere } from '../login-here.ts'

/** The datasets that are published, also those that not everybody may open: their pages say what is needed. */
export function showDatasets(context: PortalContext): Handler {
  const { branding, config, site } = context
  return (c) => {
    const session = getSession(c)
    const cards = config.datasets.map((dataset) => ({ dataset, image: branding.images.get(dataset.id) }))
    return c.html(datasetsPage(site, { person: session && personOf(session), cards, loginUrl: loginHere(c, context) }))
  }
}
