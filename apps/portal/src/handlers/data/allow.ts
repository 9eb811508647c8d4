import type { Handler } from 'hono'
import type { LoginSession } from 'pierhead'
import { scopes } from 'pierhead/globus'
import { requireScopes } from 'pierhead/hono'
import { folderWithin, pathIn } from '../../data/dataset-path.ts'
import type { PortalContext } from '../../context.ts'
import { httpsScope } from '../../files/https-access.ts'
import { datasetUrl } from '../../views/data/addresses.ts'
import { answerProblem, notFound } from '../problem.ts'
import { openDataset } from './find-dataset.ts'

/** Leads through what Globus asks for before files are listed or read, and back to the dataset. */
export function allowDataset(context: PortalContext): Handler {
  return async (c) => {
    const opened = await openDataset(c, context)
    const folder = folderWithin(c.req.query('folder'))
    if (opened === undefined || folder === undefined) return answerProblem(c, context, notFound)
    const { dataset } = opened
    const isForReading = c.req.query('for') === 'reading'
    const session = requireScopes(c, scopes.transfer.all)
    // What Globus asks for is thrown, and leads there and back here.
    if (isForReading) requireScopes(c, httpsScope(await context.collections.get(session, dataset.collection)))
    else await listOne(context, session, { collection: dataset.collection, path: pathIn(dataset, folder) })
    return c.redirect(`${datasetUrl(dataset.id, folder)}#${isForReading ? 'readme' : 'files'}`, 303)
  }
}

interface Place {
  readonly collection: string
  readonly path: string
}

async function listOne({ globus }: PortalContext, session: LoginSession, { collection, path }: Place): Promise<void> {
  await globus.transfer(session).fileOperations.ls(collection, { path }).collect(1)
}
