import type { EmulatorContext } from '../context.ts'

/** `GET /jwk.json`: one key, without `kid`. */
export function jwks(_request: Request, { world, faults }: EmulatorContext): Response {
  const key = world.signingKeys.publicJwk()
  return Response.json({ keys: faults.playing()?.publish(key) ?? [key] })
}
