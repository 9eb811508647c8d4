import { getPage, measureServers, type MeasuringOptions, type Running, type ServerRates } from './measured-servers.ts'
import type { BareAnswer, BareQuestion } from './portal-bare.ts'
import { withPortal } from './portal-scene.ts'

export type ListingRates = ServerRates<'bare' | 'portal'>

/** A folder of 1,000 entries as a page: by the portal for somebody who is logged in, and by bare `node:http`. */
export function measurePortalListing(rounds: number, requests: number, warmUps: number): Promise<ListingRates[]> {
  const options: MeasuringOptions = { rounds, requests, warmUps, connections: 4 }
  return withPortal({}, ({ globus, origin, portal, port, visitor }) =>
    measureServers(options, async (newChild): Promise<Running<'bare' | 'portal'>[]> => {
      const person = visitor()
      await person.open('/login')
      const child = newChild('portal-bare.ts')
      // The answer of portal-bare.ts.
      const answer = (await child.ask({ globus } satisfies BareQuestion)) as BareAnswer
      const path = `/collections/${globus.collection}/files?path=${encodeURIComponent('/many/')}`
      const cookies = [person.cookie()]
      await person.open(origin + path)
      const bare = await getPage(answer.port, '')
      const own = await getPage(port, cookies[0] ?? '', path)
      for (const { body } of [bare, own]) checkRows(body)
      return [
        { kind: 'bare', child, port: answer.port, cookies, answerBytes: bare.bytes },
        { kind: 'portal', child: portal, port, path, cookies, answerBytes: own.bytes },
      ]
    }),
  )
}

/** A comparison of servers that show different things says nothing. */
function checkRows(body: string): void {
  const names = new Set(body.match(/\bfile-\d+(?=<)/g))
  if (names.size !== 1000) throw new Error(`A page shows ${names.size} files: ${body.slice(0, 500)}`)
}
