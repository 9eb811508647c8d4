import type { Handler } from 'hono'
import { folderWithin } from '../../data/dataset-path.ts'
import { loadDataset } from '../../data/load-dataset.ts'
import type { PortalContext } from '../../context.ts'
import { texts } from '../../texts.ts'
import { datasetPage } from '../../views/data/page.ts'
import { personOf } from '../../views/person.ts'
import { loginHere } from '../login-here.ts'
import { answerProblem, notFound } from '../problem.ts'
import { openDataset } from './find-dataset.ts'

/** The landing page of one dataset. */
export function showDataset(context: PortalContext): Handler {
  return async (c) => {
    const opened = await openDataset(c, context)
    const folder = folderWithin(c.req.query('folder'))
    if (opened === undefined || folder === undefined) return answerProblem(c, context, notFound)
    const { dataset, session } = opened
    const { branding, config, site } = context
    return c.html(
      datasetPage(site, {
        person: session && personOf(session),
        dataset,
        folder,
        image: branding.images.get(dataset.id),
        content: await loadDataset(context, { ...opened, folder }),
        hasFiles: config.mode !== 'datasets',
        csrfToken: session?.csrfToken,
        notice: noticeOf(c.req.query('access')),
        loginUrl: loginHere(c, context),
      }),
    )
  }
}

function noticeOf(outcome: string | undefined): string | undefined {
  const notices: Readonly<Record<string, string>> = texts.data.grant.done
  return outcome !== undefined && Object.hasOwn(notices, outcome) ? notices[outcome] : undefined
}
