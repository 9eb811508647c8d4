/** News of tasks for all windows of a browser: one of them reads the stream and tells the others. */

/** As `views/transfers/update.ts` writes it. The parts are HTML of the portal. */
export interface TaskNews {
  readonly id: string
  readonly state: string
  readonly row: string
  readonly progress: string
  readonly chart?: string
  readonly events?: string
  readonly ended?: string
}

type Message =
  | { readonly news: TaskNews }
  | { readonly watch: readonly string[] }
  | { readonly who: true }
  | { readonly stale: boolean }

interface FeedOptions {
  /** Tasks whose events this window shows. */
  readonly watched: readonly string[]
  readonly onNews: (news: TaskNews) => void
  /** Whether what is shown may be old. */
  readonly onStale: (isStale: boolean) => void
}

/** What windows of one browser say to each other. */
class Channel {
  // The rule is about windows; a channel reaches its own origin only.
  readonly #channel = new BroadcastChannel('pierhead-tasks')

  send(message: Message): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    this.#channel.postMessage(message)
  }

  listen(take: (message: Message) => void): void {
    // Only this module in another window of the same origin writes to it.
    this.#channel.addEventListener('message', ({ data }) => take(data as Message))
  }
}

/** Milliseconds between looks where the stream does not get through. */
const pollPeriod = 5000

export function followTasks({ watched, onNews, onStale }: FeedOptions): void {
  const channel = new Channel()
  const take = (message: Message): void => {
    if ('news' in message) onNews(message.news)
    else if ('stale' in message) onStale(message.stale)
    else if ('who' in message) channel.send({ watch: watched })
  }
  channel.listen(take)
  channel.send({ watch: watched })
  // Whoever holds the lock reads; when that window closes, the next one in line gets it.
  void navigator.locks.request('pierhead-tasks', () => new Promise<never>(() => read(channel, watched, take)))
}

function read(channel: Channel, own: readonly string[], take: (message: Message) => void): void {
  const watched = new Set(own)
  const tell = (message: Message): void => {
    take(message)
    channel.send(message)
  }
  let stream = open()
  channel.listen((message) => {
    if (!('watch' in message) || message.watch.every((id) => watched.has(id))) return
    for (const id of message.watch) watched.add(id)
    stream.close()
    stream = open()
  })
  channel.send({ who: true })

  function open(): EventSource {
    const source = new EventSource(`/transfers/events?${query(watched)}`)
    // As the portal writes it.
    source.addEventListener('task', ({ data }) => tell({ news: JSON.parse(String(data)) as TaskNews }))
    source.addEventListener('trouble', () => tell({ stale: true }))
    source.addEventListener('open', () => tell({ stale: false }))
    source.addEventListener('error', () => {
      // Otherwise the browser tries again by itself.
      if (source.readyState === EventSource.CLOSED) void poll(watched, tell)
    })
    return source
  }
}

async function poll(watched: ReadonlySet<string>, tell: (message: Message) => void): Promise<void> {
  for (;;) {
    const response = await fetch(`/transfers/updates?${query(watched)}`).catch(() => undefined)
    // Logged out, most likely: loading the page leads there and back.
    if (response?.status === 401 || response?.status === 403) return location.reload()
    tell({ stale: response?.ok !== true })
    // As the portal writes it.
    if (response?.ok === true) for (const news of (await response.json()) as TaskNews[]) tell({ news })
    await new Promise((resolve) => setTimeout(resolve, pollPeriod))
  }
}

const query = (watched: ReadonlySet<string>): URLSearchParams =>
  new URLSearchParams([...watched].map((id) => ['task', id]))
