import type { EmulatorContext } from '../context.ts'
import { checkOriginTemplate, templateOrigins, type DataOrigins } from './origins.ts'
import { portOrigins, type DataPorts } from './port-origins.ts'

interface OriginOptions {
  readonly dataOriginTemplate?: string | undefined
  readonly dataPorts?: DataPorts | undefined
}

/** A port each where the emulator listens, otherwise names on one port. @throws TypeError for a wrong template */
export function createOrigins(
  { dataOriginTemplate: template, dataPorts }: OriginOptions,
  { issuer, world, warn }: Pick<EmulatorContext, 'issuer' | 'world' | 'warn'>,
): DataOrigins {
  const { protocol, hostname, port } = new URL(issuer)
  if (template !== undefined) return templateOrigins(checkOriginTemplate(template))
  if (dataPorts === undefined)
    return templateOrigins(`${protocol}//{id}.data.localhost${port === '' ? '' : `:${port}`}`)
  const exists = (id: string): boolean => world.collections.find(id)?.deletedAt === null
  return portOrigins(dataPorts, { hostName: hostname, places: world.dataPlaces, exists, warn })
}
