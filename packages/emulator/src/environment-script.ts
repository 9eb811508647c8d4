import { clientEnvironment } from './client-environment.ts'
import type { EmulatorContext } from './context.ts'
import { asScript } from './environment-format.ts'
import { describeClient } from './info.ts'
import { requireClient } from './scripts/find-person.ts'

/** `GET /env.js`: tells `@globus/sdk` in a page where the services are; with `?client=` also the app's own id and address. */
export function environmentScript(request: Request, { issuer, world }: EmulatorContext): Response {
  const headers = { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-store' }
  const name = new URL(request.url).searchParams.get('client')
  try {
    const client = name === null ? undefined : describeClient(requireClient(world, name), world)
    return new Response(asScript(clientEnvironment(issuer, { runtime: 'browser', client })), { headers })
  } catch (error) {
    const words = error instanceof TypeError ? error.message : 'There is no such client'
    return new Response(`throw new Error(${JSON.stringify(words)})\n`, { status: 404, headers })
  }
}
