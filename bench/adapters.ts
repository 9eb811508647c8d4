import type { AdapterKind, AdapterQuestion, Framework } from './adapter-server.ts'
import { samplePerson } from './http-path.ts'
import { checkSame, getPage, measureServers, startServer } from './measured-servers.ts'
import type { MeasuringOptions, NewChild, Running, ServerRates } from './measured-servers.ts'

export interface AdapterRates {
  readonly framework: Framework
  readonly rates: readonly ServerRates<AdapterKind>[]
}

export const frameworks = ['express', 'fastify', 'hono', 'node'] as const satisfies readonly Framework[]
const peers = ['express-openid-connect', 'auth-js'] as const
/** A peer's session costs a whole login. */
const peerSessions = 100

/** Rates of the page in each framework, alone and with the kit; for Express with its peers too. One framework at a time. */
export async function measureAdapters(
  options: MeasuringOptions & { readonly sessions: number },
): Promise<AdapterRates[]> {
  const measured: AdapterRates[] = []
  for (const framework of frameworks) {
    const rates = await measureServers(options, (newChild) => start(framework, options.sessions, newChild))
    measured.push({ framework, rates })
  }
  return measured
}

async function start(
  framework: Framework,
  sessions: number,
  newChild: NewChild,
): Promise<readonly Running<AdapterKind>[]> {
  const ask = (kind: AdapterKind, count: number, cookies?: readonly string[]): Promise<Running<AdapterKind>> => {
    const question: AdapterQuestion = { kind, framework, count, person: samplePerson }
    return startServer(newChild('adapter-server.ts'), question, cookies)
  }
  const kit = await ask('kit', sessions)
  const fresh = await ask('kit-fresh', sessions)
  const alone = await ask('alone', 0, kit.cookies)
  const page = await getPage(alone.port, kit.cookies[0] ?? '')
  for (const server of [kit, fresh]) await checkSame(server, page)
  const others: Running<AdapterKind>[] = []
  if (framework === 'express')
    for (const peer of peers) others.push({ ...(await ask(peer, peerSessions)), answerBytes: undefined })
  return [alone, kit, fresh, ...others]
}
