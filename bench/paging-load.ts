import { startChild } from './child.ts'
import type { PagingAnswer, PagingQuestion } from './paging.ts'
import type { PagingServerAnswer, PagingServerQuestion } from './paging-server.ts'

/** The list is served on one core and read on the other. */
export async function measurePaging(options: { items: number; rounds: number }): Promise<PagingAnswer> {
  const server = startChild('paging-server.ts', 0)
  const reader = startChild('paging.ts', 1)
  try {
    const served = { items: options.items, pageSize: 1000 } satisfies PagingServerQuestion
    // The answer of paging-server.ts.
    const { origin } = (await server.ask(served)) as PagingServerAnswer
    // The answer of paging.ts.
    return (await reader.ask({ origin, ...options } satisfies PagingQuestion)) as PagingAnswer
  } finally {
    server.stop()
    reader.stop()
  }
}
