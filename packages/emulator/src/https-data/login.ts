import { createHmac } from 'node:crypto'
import * as z from 'zod'
import { redeemCode } from '../auth/grants/authorization-code.ts'
import type { EmulatorContext } from '../context.ts'
import { equalsSecret } from '../http/client-authentication.ts'
import { cookie, readCookies } from '../http/cookies.ts'
import { ApiError } from '../http/error-documents.ts'
import { randomAlphanumeric } from '../random.ts'
import { badRequest, permissionDenied, TransferError } from '../transfer/errors.ts'
import type { Collection } from '../world/collections.ts'
import { CALLBACK_PATH } from './data-client.ts'
import { fileScopes, visitorCookie } from './visitor.ts'

/** The query by which a refusal page offers to log in as somebody else: the path to come back to. */
export const AGAIN = 'again'

interface LoginOrder {
  readonly collection: Collection
  readonly context: EmulatorContext
  /** Path and query to come back to. */
  readonly target: string
  /** What the authorization request says beside: session requirements, `prompt`. */
  readonly parameters?: Readonly<Record<string, unknown>>
}

/**
 * Sends a browser to log in, as the client that the collection is. The state holds where to come back to, and is proved by a cookie of this
 * browser, so that any number of files may be waiting for one login.
 */
export function sendToLogin(request: Request, { collection, context, target, parameters = {} }: LoginOrder): Response {
  const { origins, issuer, behaviour, random } = context
  const url = new URL('/v2/oauth2/authorize', issuer)
  const known = readCookies(request).get(loginCookie(collection))
  const key = known ?? randomAlphanumeric(random, 43)
  const query = {
    client_id: collection.id,
    redirect_uri: `${origins.of(collection.id)}${CALLBACK_PATH}`,
    response_type: 'code',
    scope: fileScopes(collection, context).join(' '),
    state: stateOf(target, key),
    ...textsOf(parameters),
  }
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  const headers = new Headers({ location: url.href, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
  const lifetime = behaviour.attemptLifetime
  headers.append('set-cookie', cookie(loginCookie(collection), key, cookieOptions(lifetime, collection, context)))
  return new Response(null, { status: 302, headers })
}

/** Where login comes back to: takes the code, remembers the person by a cookie, and goes on to the file. */
export async function finishLogin(
  request: Request,
  collection: Collection,
  context: EmulatorContext,
): Promise<Response> {
  const { searchParams: query } = new URL(request.url)
  const again = query.get(AGAIN)
  if (again?.startsWith('/') === true)
    return sendToLogin(request, { collection, context, target: again, parameters: { prompt: 'login' } })
  const key = readCookies(request).get(loginCookie(collection))
  const target = key === undefined ? undefined : targetOf(query.get('state') ?? '', key)
  if (target === undefined) throw badRequest('This login was not begun here, or took too long: open the file again')
  if (query.has('error')) throw permissionDenied(query.get('error_description') ?? 'The login was refused')
  const { access_token: token, expires_in: lifetime } = await redeem(query.get('code') ?? '', collection, context)
  const headers = new Headers({
    location: `${context.origins.of(collection.id)}${target}`,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  })
  headers.append('set-cookie', cookie(visitorCookie(collection), token, cookieOptions(lifetime, collection, context)))
  return new Response(null, { status: 303, headers })
}

const tokens = z.object({ access_token: z.string(), expires_in: z.number() })

async function redeem(code: string, { id }: Collection, context: EmulatorContext): Promise<z.infer<typeof tokens>> {
  const client = context.world.clients.find(id)
  if (client === undefined) throw new Error(`The client of the collection ${id} is missing`)
  const form = new Map([
    ['code', code],
    ['redirect_uri', `${context.origins.of(id)}${CALLBACK_PATH}`],
  ])
  try {
    return tokens.parse(await redeemCode({ client, form, query: new URLSearchParams() }, context))
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    throw new TransferError(400, 'BadRequest', `The login failed: ${error.message}`)
  }
}

const stateOf = (target: string, key: string): string =>
  `${Buffer.from(target).toString('base64url')}.${createHmac('sha256', key).update(target).digest('base64url')}`

function targetOf(state: string, key: string): string | undefined {
  const target = Buffer.from(state.split('.', 1)[0] ?? '', 'base64url').toString()
  return target.startsWith('/') && equalsSecret(stateOf(target, key), state) ? target : undefined
}

const textsOf = (parameters: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(parameters).flatMap(([name, value]) =>
      name === 'required_scopes' ? [] : [[name, Array.isArray(value) ? value.join(',') : String(value)]],
    ),
  )

const loginCookie = ({ id }: Pick<Collection, 'id'>): string => `pierhead_data_login_${id}`

const cookieOptions = (
  maxAge: number,
  { id }: Collection,
  { origins }: EmulatorContext,
): { maxAge: number; secure: boolean } => ({ maxAge, secure: origins.of(id)?.startsWith('https:') === true })
