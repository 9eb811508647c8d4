import type { EmulatorContext } from '../context.ts'

/** `GET /jwk.json`: one key, without `kid`. */
export function jwks(_request: Request, { world }: EmulatorContext): Response {
  return Response.json({ keys: [world.signingKeys.publicJwk()] })
}
