import type { Context, Handler } from 'hono'
import type { LoginSession } from 'pierhead'
import { requireSession } from 'pierhead/hono'
import { AccessRefusedError } from '../../access/lacking.ts'
import { requireAccess } from '../../access/require-access.ts'
import type { DatasetConfig } from '../../config/types.ts'
import type { PortalContext } from '../../context.ts'
import type { Act } from '../../operator/audit.ts'
import { texts } from '../../texts.ts'
import { datasetUrl } from '../../views/data/addresses.ts'
import { personOf } from '../../views/person.ts'
import { answerProblem, notFound } from '../problem.ts'
import { contactFor } from './find-dataset.ts'

const words = texts.data.grant

/**
 * Gives the person a permission to read a dataset, with the portal's own identity: only where the settings say so, only to
 * themselves, and only while they meet the dataset's conditions, which Groups is asked about now. Each attempt leaves a line.
 */
export function getAccess(context: PortalContext): Handler {
  return async (c) => {
    const session = requireSession(c)
    const person = personOf(session)
    const dataset = context.config.datasets.find(({ id }) => id === c.req.param('id'))
    if (dataset === undefined) return answerProblem(c, context, { ...notFound, person })
    const note = (act: Pick<Act, 'outcome' | 'rule' | 'reason'>): void => {
      const { collection, path } = dataset
      context.audit.note(session, { act: 'grant_access', as: 'portal', collection, path, ...act })
    }
    if (dataset.grant === undefined || dataset.access === undefined) {
      note({ outcome: 'refused', reason: 'not_offered' })
      return answerProblem(c, context, { ...notFound, person })
    }
    await requireNow(c, context, { dataset, note })
    const granted = await context.grants.read(dataset, session.claims.sub)
    note(granted)
    if ('rule' in granted) return c.redirect(`${datasetUrl(dataset.id)}?access=${granted.outcome}#files`, 303)
    return answerNo(c, context, { dataset, session, ...granted })
  }
}

interface Asked {
  readonly dataset: DatasetConfig
  readonly note: (act: Pick<Act, 'outcome' | 'reason'>) => void
}

/** Both rules, at this moment. @throws what `requireAccess` throws */
async function requireNow(c: Context, { config }: PortalContext, { dataset, note }: Asked): Promise<void> {
  const options = { contact: contactFor(config, dataset), fresh: 0 }
  try {
    await requireAccess(c, config.access, options)
    await requireAccess(c, dataset.access, options)
  } catch (error) {
    if (error instanceof AccessRefusedError)
      note({ outcome: 'refused', reason: `lacks_${error.lacking.map(({ kind }) => kind).join('_')}` })
    throw error
  }
}

interface No {
  readonly dataset: DatasetConfig
  readonly session: LoginSession
  readonly outcome: 'refused' | 'failed'
  readonly reason: string
}

/** The person reads whom to ask; the log tells the operator what to do. */
function answerNo(c: Context, context: PortalContext, { dataset, outcome, reason, session }: No) {
  const { config, log } = context
  const { collection, id } = dataset
  const remedy =
    reason === 'full'
      ? 'The collection has as many permissions as Globus allows: give the group a permission in place of its members.'
      : `Make ${config.clientId}@clients.auth.globus.org an access manager of the collection at Globus, or take access.grant of the dataset out of the settings.`
  if (outcome === 'refused')
    log.logger.warn({ event: 'grant_refused', dataset: id, collection, reason, remedy }, 'Globus refused the portal.')
  const again = { href: datasetUrl(id), text: words.back }
  const common = { again, person: personOf(session) }
  if (outcome === 'failed')
    return answerProblem(c, context, { status: 503, code: 'grant_failed', ...words.failed, ...common })
  const { advice, need, title } = words.refused
  const needs = [{ text: need, links: [] }]
  const contact = contactFor(config, dataset)
  return answerProblem(c, context, { status: 502, code: 'grant_refused', title, advice, needs, contact, ...common })
}
