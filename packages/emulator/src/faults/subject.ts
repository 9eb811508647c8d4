import { findAttempt } from '../auth/attempt.ts'
import { findBrowserSession } from '../auth/browser-session.ts'
import type { EmulatorContext } from '../context.ts'
import type { FaultSubject } from '../faults.ts'

interface Known {
  readonly client?: string | null | undefined
  readonly identity?: string | null | undefined
}

/** Finds out whom a request is about, from a copy: by what it names, shows, or goes on with. */
export async function subjectOfRequest(request: Request, context: EmulatorContext): Promise<FaultSubject> {
  const query = new URL(request.url).searchParams
  const form = await formOfCopy(request)
  const sent = new Map([...query, ...form])
  const attempt = findAttempt(request, sent.get('request'), context)
  const known: readonly Known[] = [
    { client: basicClient(request) ?? sent.get('client_id') },
    { identity: form.get('identity') ?? form.get('account') },
    ...credentials(request, form, context),
    { client: attempt?.request.clientId, identity: attempt?.account },
    { identity: findBrowserSession(request, context)?.account },
  ]
  const { identities } = context.world
  return {
    clients: known.flatMap(({ client }) => client ?? []),
    identities: known
      .flatMap(({ identity }) => identity ?? [])
      .flatMap((id) => [id, ...identities.account(identities.find(id)?.primaryIdentity ?? id).map((each) => each.id)]),
  }
}

async function formOfCopy(request: Request): Promise<ReadonlyMap<string, string>> {
  const isForm = request.headers.get('content-type')?.startsWith('application/x-www-form-urlencoded') === true
  return new Map(isForm ? new URLSearchParams(await request.clone().text()) : [])
}

function credentials(request: Request, form: ReadonlyMap<string, string>, { world }: EmulatorContext): Known[] {
  const bearer = /^bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  const tokens = [bearer, form.get('refresh_token'), form.get('token')].filter((token) => token !== undefined)
  const code = form.get('code')
  const issued = code === undefined ? [] : (world.codes.find(code) ?? [])
  return [...tokens.flatMap((token) => world.tokens.find(token) ?? []), ...[issued].flat()]
}

function basicClient(request: Request): string | undefined {
  const encoded = /^basic +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8').split(':', 1)[0]
}
