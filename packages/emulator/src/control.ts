import * as z from 'zod'
import { withdrawConsents } from './auth/withdraw-consent.ts'
import { idTokenMutations } from './auth/id-token-mutations.ts'
import { command, type Command } from './control-command.ts'
import type { Emulator } from './emulator.ts'
import { misbehaviourNames, misbehaviours } from './faults/misbehaviours.ts'
import { faultRule } from './faults/schema.ts'
import { equalsSecret } from './http/client-authentication.ts'
import { isAllowedHost } from './http/guard.ts'
import { worldCommands } from './control-world.ts'
import { closeServer, listen, originOf } from './http/listen.ts'
import type { Log } from './log.ts'
import { mailDocument } from './outbox/show.ts'
import { removable } from './remove.ts'
import { randomAlphanumeric, systemRandom } from './random.ts'
import { servicesBehaviour } from './services/options.ts'
import { transferCommands } from './transfer/control-commands.ts'
import { transferBehaviour } from './transfer/options.ts'
import { ageable, type Ageable, type Owner } from './world/time-shift.ts'

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
  const commands = commandsOf()
  let url = 'http://127.0.0.1'
  const handle = async (request: Request): Promise<Response> =>
    isAllowedHost(request, { origin: url, allowHosts: [] }) && isHolder(request, token)
      ? answerControl(request, { emulator, commands })
      : Response.json({ error: 'unauthorized' }, { status: 401 })
  const { server, ...address } = await listen('127.0.0.1', { port: 0, handle, log })
  url = originOf(address)
  return { url, token, close: () => closeServer(server) }
}

const seconds = z.number().min(0).max(1e10)
const times = z.int().min(1).max(10_000).optional()

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
  ...servicesBehaviour.shape,
  autoLogin: z.string().nullable(),
  autoConsent: z.boolean(),
})

const nothing = z.unknown()
const summaries = Object.fromEntries(misbehaviourNames.map((name) => [name, misbehaviours[name].summary]))
const owner = { client: z.guid().optional(), identity: z.guid().optional() }

const commandsOf = (): ReadonlyMap<string, Command> => new Map([...basicCommands, ...worldCommands()])

/** Consents end by being withdrawn, authentications by being older than any rule allows. */
function expire(what: Ageable, owner: Owner, { world, clock }: Emulator): number {
  const now = clock.now()
  if (what === 'authentications') return world.timeShift.age(what, now, owner)
  if (what !== 'consents') return world.timeShift.expire(what, now, owner)
  const named = Object.fromEntries(Object.entries(owner).filter(([, id]) => id !== undefined))
  return world.transaction(() => {
    world.tokens.revokeOwned(named, now)
    return world.consents.rescind(named)
  })
}

const basicCommands: readonly (readonly [string, Command])[] = [
  ['POST /reset', command(nothing, (_, emulator) => emulator.reset())],
  [
    'POST /age',
    command(z.strictObject({ what: z.enum(ageable), seconds, ...owner }), ({ what, seconds, ...owner }, emulator) => ({
      changed: emulator.world.timeShift.age(what, seconds * 1000, owner),
    })),
  ],
  [
    'POST /expire',
    command(
      z.strictObject({
        what: z.enum(ageable),
        ...owner,
      }),
      ({ what, ...owner }, emulator) => ({ changed: expire(what, owner, emulator) }),
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
  [
    'POST /remove',
    command(z.strictObject({ what: z.enum(removable), id: z.string() }), ({ what, id }, emulator) => ({
      removed: emulator.remove(what, id),
    })),
  ],
  ['POST /logout', command(nothing, (_, { world }) => ({ ended: world.sessions.endAll() }))],
  ['POST /rotate-key', command(nothing, (_, { world }) => world.signingKeys.rotate())],
  ['POST /faults', command(faultRule, (rule, { faults }) => faults.add(rule))],
  [
    'POST /id-tokens',
    command(z.strictObject({ mutation: z.enum(idTokenMutations), times }), ({ mutation, times }, { faults }) =>
      faults.nextIdToken(mutation, times),
    ),
  ],
  [
    'POST /misbehave',
    command(z.strictObject({ name: z.enum(misbehaviourNames) }), ({ name }, { faults }) => faults.misbehave(name)),
  ],
  [
    'GET /misbehave',
    command(nothing, (_, { faults }) => ({ playing: faults.playing()?.name ?? null, names: summaries })),
  ],
  ['DELETE /misbehave', command(nothing, (_, { faults }) => faults.behave())],
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
  ['GET /outbox', command(nothing, (_, { world }) => ({ mails: world.outbox.list().map(mailDocument) }))],
  ['GET /requests', command(nothing, (_, { requestCounts }) => ({ requests: Object.fromEntries(requestCounts) }))],
]

async function answerControl(
  request: Request,
  { emulator, commands }: { emulator: Emulator; commands: ReadonlyMap<string, Command> },
): Promise<Response> {
  const run = commands.get(`${request.method} ${new URL(request.url).pathname}`)
  if (run === undefined)
    return Response.json({ error: 'not_found', commands: Array.from(commands.keys()) }, { status: 404 })
  try {
    const text = await request.text()
    return Response.json((await run(text === '' ? undefined : JSON.parse(text), emulator)) ?? {})
  } catch (error) {
    const problems = problemsIn(error)
    if (problems === undefined) throw error
    return Response.json({ error: 'invalid_request', problems }, { status: 400 })
  }
}

/** What is wrong with a command's input; undefined for a defect. */
function problemsIn(error: unknown): readonly string[] | undefined {
  if (error instanceof z.ZodError) return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  if (error instanceof SyntaxError) return ['not JSON']
  return error instanceof TypeError ? [error.message] : undefined
}

const isHolder = (request: Request, token: string): boolean =>
  equalsSecret(`Bearer ${token}`, request.headers.get('authorization') ?? '')
