import * as z from 'zod'
import { withdrawConsents } from './auth/withdraw-consent.ts'
import { idTokenMutations } from './auth/id-token-mutations.ts'
import { command, type Command } from './control-command.ts'
import { RegistrationError } from './developer/register-app.ts'
import type { Emulator } from './emulator.ts'
import { endpointNames } from './faults.ts'
import { equalsSecret } from './http/client-authentication.ts'
import { isAllowedHost } from './http/guard.ts'
import { closeServer, listen, originOf } from './http/listen.ts'
import type { Log } from './log.ts'
import { randomAlphanumeric, systemRandom } from './random.ts'
import { transferCommands } from './transfer/control-commands.ts'
import { transferBehaviour } from './transfer/options.ts'
import { ageable } from './world/time-shift.ts'

/** The control API, listening. */
export interface Control {
  readonly url: string
  /** Must be sent as a bearer token. */
  readonly token: string
  close(): Promise<void>
}

/** Opens the control API of an emulator on a loopback port of its own. */
export async function startControl(emulator: Emulator, log: Log): Promise<Control> {
  const token = randomAlphanumeric(systemRandom, 43)
  let url = 'http://127.0.0.1'
  const handle = async (request: Request): Promise<Response> =>
    isAllowedHost(request, { origin: url, allowHosts: [] }) && isHolder(request, token)
      ? answerControl(request, emulator)
      : Response.json({ error: 'unauthorized' }, { status: 401 })
  const { server, ...address } = await listen('127.0.0.1', { port: 0, handle, log })
  url = originOf(address)
  return { url, token, close: () => closeServer(server) }
}

const seconds = z.number().min(0).max(1e10)
const times = z.int().min(1).max(10_000).optional()

const fault = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('answer'),
    status: z.int().min(200).max(599),
    body: z.string().exactOptional(),
    headers: z.record(z.string(), z.string()).exactOptional(),
  }),
  z.strictObject({ kind: z.literal('delay'), milliseconds: z.number().min(0).max(600_000) }),
  z.strictObject({ kind: z.literal('hang') }),
  z.strictObject({ kind: z.literal('reset') }),
  z.strictObject({ kind: z.literal('lose-answer') }),
  z.strictObject({ kind: z.literal('merge'), document: z.record(z.string(), z.unknown()) }),
])

const behaviour = z.strictObject({
  accessTokenLifetime: seconds,
  refreshTokenLifetime: seconds,
  codeLifetime: seconds,
  attemptLifetime: seconds,
  browserSessionLifetime: seconds,
  refreshRotation: z.enum(['off', 'rotate', 'grace', 'detect']),
  refreshGrace: seconds,
  clientAuthentication: z.enum(['lenient', 'strict']),
  codeReuseRevokes: z.boolean(),
  pkcePlain: z.boolean(),
  pkceRequired: z.boolean(),
  nonceEcho: z.boolean(),
  identitySetAlways: z.boolean(),
  refreshRevocationCascades: z.boolean(),
  foreignIntrospection: z.enum(['inactive', 'forbidden']),
  stepUpReach: z.enum(['new-tokens', 'all-tokens']),
  projectAdminWindow: seconds,
  ...transferBehaviour.shape,
})

const nothing = z.unknown()

const commands: ReadonlyMap<string, Command> = new Map([
  ['POST /reset', command(nothing, (_, emulator) => emulator.reset())],
  [
    'POST /age',
    command(
      z.strictObject({ what: z.enum(ageable), seconds, client: z.guid().optional() }),
      ({ what, seconds, client }, emulator) => ({
        changed: emulator.world.timeShift.age(what, seconds * 1000, client),
      }),
    ),
  ],
  [
    'POST /expire',
    command(
      z.strictObject({
        what: z.enum(['access_tokens', 'refresh_tokens', 'tokens', 'codes', 'attempts']),
        client: z.guid().optional(),
      }),
      ({ what, client }, emulator) => ({
        changed: emulator.world.timeShift.expire(what, emulator.clock.now(), client),
      }),
    ),
  ],
  [
    'POST /rescind',
    command(
      z.strictObject({ client: z.guid().exactOptional(), identity: z.guid().exactOptional() }),
      (owner, emulator) => emulator.world.transaction(() => withdrawConsents(owner, emulator)),
    ),
  ],
  [
    'POST /clients',
    command(
      z.strictObject({ name: z.string(), type: z.string(), redirect_uris: z.array(z.string()) }),
      ({ name, type, redirect_uris: redirectUris }, emulator) => emulator.registerApp({ name, type, redirectUris }),
    ),
  ],
  ['POST /logout', command(nothing, (_, { world }) => ({ ended: world.sessions.endAll() }))],
  ['POST /rotate-key', command(nothing, (_, { world }) => world.signingKeys.rotate())],
  [
    'POST /faults',
    command(
      z.strictObject({ endpoint: z.enum(endpointNames), fault, times }),
      ({ endpoint, fault, times }, { faults }) => faults.next(endpoint, fault, times),
    ),
  ],
  [
    'POST /id-tokens',
    command(z.strictObject({ mutation: z.enum(idTokenMutations), times }), ({ mutation, times }, { faults }) =>
      faults.nextIdToken(mutation, times),
    ),
  ],
  ['DELETE /faults', command(nothing, (_, { faults }) => faults.clear())],
  [
    'PATCH /behaviour',
    command(behaviour.partial(), (changes, emulator) =>
      Object.assign(
        emulator.behaviour,
        Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)),
      ),
    ),
  ],
  ['GET /behaviour', command(nothing, (_, emulator) => emulator.behaviour)],
  ['GET /tokens', command(nothing, (_, { world, clock }) => ({ tokens: world.tokens.census(clock.now()) }))],
  ...transferCommands,
  ['GET /requests', command(nothing, (_, { requestCounts }) => ({ requests: Object.fromEntries(requestCounts) }))],
])

async function answerControl(request: Request, emulator: Emulator): Promise<Response> {
  const run = commands.get(`${request.method} ${new URL(request.url).pathname}`)
  if (run === undefined)
    return Response.json({ error: 'not_found', commands: Array.from(commands.keys()) }, { status: 404 })
  try {
    const text = await request.text()
    return Response.json((await run(text === '' ? undefined : JSON.parse(text), emulator)) ?? {})
  } catch (error) {
    const expected = error instanceof z.ZodError || error instanceof SyntaxError || error instanceof RegistrationError
    if (!expected) throw error
    return Response.json({ error: 'invalid_request', problems: problemsOf(error) }, { status: 400 })
  }
}

function problemsOf(error: Error): readonly string[] {
  if (error instanceof z.ZodError) return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  return [error instanceof RegistrationError ? error.message : 'not JSON']
}

const isHolder = (request: Request, token: string): boolean =>
  equalsSecret(`Bearer ${token}`, request.headers.get('authorization') ?? '')
