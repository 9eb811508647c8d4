/** A page of a list. */
export interface Page<Item, Document = unknown> {
  readonly items: readonly Item[]
  /** The service's whole answer. */
  readonly document: Document
  /** True on the last page when nothing was left out. False on pages before it, and where the service stops early. */
  readonly complete: boolean
}

/**
 * A list of a Globus service. Nothing is sent before it is read; each reading starts anew. While one page is worked on,
 * the next is on its way, and no more than that.
 *
 * A page that cannot be read makes the loop throw: there are no silent gaps.
 */
export interface List<Item, Document = unknown> extends AsyncIterable<Item> {
  pages(): AsyncIterable<Page<Item, Document>>
  /** All items, or the first so many. `complete` is false if there are more, or if the service kept some back. */
  collect(atMost?: number): Promise<{ readonly items: Item[]; readonly complete: boolean }>
}

/** What a request for a page gave, and how to ask for the next. */
export interface Fetched<Item, Document> extends Page<Item, Document> {
  readonly next: ((signal: AbortSignal) => Promise<Fetched<Item, Document>>) | undefined
}

export function createList<Item, Document>(
  fetchFirst: (signal: AbortSignal) => Promise<Fetched<Item, Document>>,
): List<Item, Document> {
  const pages = (): AsyncIterableIterator<Page<Item, Document>> => readPages(fetchFirst)
  return {
    pages,
    [Symbol.asyncIterator]: () => readItems(pages()),
    async collect(atMost = Number.POSITIVE_INFINITY) {
      const items: Item[] = []
      for await (const page of pages()) {
        const room = atMost - items.length
        if (page.items.length > room) return { items: items.concat(page.items.slice(0, room)), complete: false }
        for (const item of page.items) items.push(item)
        if (page.complete) return { items, complete: true }
        if (items.length >= atMost) break
      }
      return { items, complete: false }
    },
  }
}

async function* readPages<Item, Document>(
  fetchFirst: (signal: AbortSignal) => Promise<Fetched<Item, Document>>,
): AsyncGenerator<Page<Item, Document>, undefined> {
  const stop = new AbortController()
  let coming: Promise<Fetched<Item, Document>> | undefined
  try {
    coming = fetchFirst(stop.signal)
    while (coming) {
      const { next, items, document, complete }: Fetched<Item, Document> = await coming
      coming = next?.(stop.signal)
      // It may fail while nobody waits for it yet; the loop will meet the failure.
      coming?.catch(() => undefined)
      yield { items, document, complete }
    }
    return undefined
  } finally {
    stop.abort()
  }
}

/** By hand: a generator would cost several turns of the event loop for each item. */
function readItems<Item>(pages: AsyncIterator<Page<Item>>): AsyncIterableIterator<Item> {
  let items: readonly Item[] = []
  let at = 0
  const next = async (): Promise<IteratorResult<Item, undefined>> => {
    while (at >= items.length) {
      const page = await pages.next()
      if (page.done === true) return { done: true, value: undefined }
      items = page.value.items
      at = 0
    }
    return take()
  }
  const take = (): IteratorResult<Item, undefined> => {
    // The caller looked that there is one.
    const value = items[at] as Item
    at += 1
    return { done: false, value }
  }
  return {
    next: () => (at < items.length ? Promise.resolve(take()) : next()),
    async return() {
      items = []
      at = 0
      await pages.return?.()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
