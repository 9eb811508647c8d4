import { checkSame, getPage, measureServers, startServer } from './measured-servers.ts'
import type { MeasuringOptions, NewChild, Running, ServerRates } from './measured-servers.ts'
import type { Person } from './page.ts'
import type { ServerKind, ServerQuestion } from './server.ts'

export type HttpPathRates = ServerRates<ServerKind>

const kinds = ['cookie-remembered', 'cookie-fresh', 'sqlite', 'sqlite-fresh'] as const

/** Rates of seed 1's home page with the kit, with Hono alone, and as ready bytes of bare `node:http`. */
export async function measureHttpPath(
  options: MeasuringOptions & { readonly sessions: number },
): Promise<HttpPathRates[]> {
  return measureServers(options, (newChild) => startServers(options.sessions, newChild))
}

async function startServers(sessions: number, newChild: NewChild): Promise<Running<ServerKind>[]> {
  const start = (question: ServerQuestion, sent?: readonly string[]): Promise<Running<ServerKind>> =>
    startServer(newChild('server.ts'), question, sent)
  const withKit: Running<ServerKind>[] = []
  for (const kind of kinds) withKit.push(await start({ kind, count: sessions }))
  const [model] = withKit
  const cookies = model?.cookies ?? []
  const page = await getPage(model?.port ?? 0, cookies[0] ?? '')
  const headers = page.headers.filter(([name]) => !['date', 'connection', 'keep-alive'].includes(name.toLowerCase()))
  const bare = await start({ kind: 'bare', count: 0, page: { ...page, headers } }, cookies)
  const hono = await start({ kind: 'hono', count: 0, person: samplePerson }, cookies)
  for (const server of [bare, ...withKit]) await checkSame(server, page)
  return [bare, hono, ...withKit]
}

/** The first person whom provider.ts knows. */
export const samplePerson: Person = {
  sub: '5f1d7c2e-8a3b-4c6d-9e0f-000000000000',
  name: 'Ingrid Halvorsen 0000',
  preferred_username: 'ingrid0000@fjordlab.example',
  email: 'ingrid0000@fjordlab.example',
  organization: 'Fjord Laboratory',
}
