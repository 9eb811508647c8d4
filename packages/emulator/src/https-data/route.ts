import type { EmulatorContext } from '../context.ts'
import { answerManager } from '../gcs-manager/answer.ts'
import { answerData, type DataAnswer } from './answer.ts'
import { servesFiles } from './data-client.ts'

/** Answers what was sent to the origin of a collection; undefined for what was sent to the emulator itself. */
export async function answerOrigin(request: Request, context: EmulatorContext): Promise<DataAnswer | undefined> {
  const id = context.origins.idFor(request)
  if (id === undefined) return undefined
  const collection = context.world.collections.find(id)
  const exists = collection !== undefined && collection.deletedAt === null
  if (exists && collection.entityType === 'GCSv5_endpoint') return answerManager(request, collection, context)
  if (!exists || !servesFiles(collection)) {
    const document = { code: 'EndpointNotFound', message: 'No collection serves its files here' }
    return { response: Response.json(document, { status: 404 }), reason: 'no such collection' }
  }
  return answerData(request, collection, context)
}

/** The address of a request for the log: with the origin where it is not the emulator's. */
export function originLabel(request: Request, path: string, { origins }: EmulatorContext): string {
  const id = origins.idFor(request)
  return id === undefined ? path : `${origins.of(id)}${new URL(request.url).pathname}`
}
