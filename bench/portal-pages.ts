import { setTimeout as delay } from 'node:timers/promises'
import { startChild } from './child.ts'
import { withPortal, type PortalScene } from './portal-scene.ts'
import type { StreamsAnswer, StreamsQuestion } from './portal-streams.ts'

/** How it went while the pages were open. */
export interface PagesAnswer {
  readonly pages: number
  /** Browsers of one person, each with a login of its own. */
  readonly browsers: number
  /** Requests to Transfer per second, window by window. */
  readonly requests: readonly number[]
  /** The most memory that the portal took, in bytes. */
  readonly memory: number
  /** Milliseconds of its processor time in a second. */
  readonly used: number
}

const windows = 3

/** Pages of one running task that wait for news, spread over browsers. `window`: milliseconds for which requests are counted. */
export function measurePortalPages(pages: number, browsers: number, window: number): Promise<PagesAnswer> {
  return withPortal({}, async (scene) => {
    const child = startChild('portal-streams.ts', 0)
    try {
      // The answers of portal-emulator.ts and portal-streams.ts.
      const { task } = (await scene.ask({ type: 'run' })) as { readonly task: string }
      const ask = async (question: StreamsQuestion): Promise<StreamsAnswer> =>
        (await child.ask(question)) as StreamsAnswer // As above.
      await openPages(scene, { task, pages, browsers, ask })
      return { pages, browsers, ...(await watch(scene, { pages, window, ask })) }
    } finally {
      child.stop()
    }
  })
}

interface Opening {
  readonly task: string
  readonly pages: number
  readonly browsers: number
  readonly ask: (question: StreamsQuestion) => Promise<StreamsAnswer>
}

/** Logs in with each browser, which loads the page and then its streams. */
async function openPages(scene: PortalScene, { task, pages, browsers, ask }: Opening): Promise<void> {
  const each = Math.ceil(pages / browsers)
  for (let index = 0; index < browsers; index += 1) {
    const browser = scene.visitor()
    await browser.open('/login')
    await ask({ port: scene.port, path: `/transfers/events?task=${task}`, cookies: [browser.cookie()], each })
    for (let page = 0; page < each; page += 1) await browser.open(`/transfers/${task}`)
  }
}

async function watch(
  { ask: askEmulator, usage }: PortalScene,
  { pages, window, ask }: { readonly pages: number; readonly window: number; readonly ask: Opening['ask'] },
): Promise<Pick<PagesAnswer, 'requests' | 'memory' | 'used'>> {
  const nothing = { path: '', cookies: [], each: 0 }
  const count = async (): Promise<number> => {
    // The answer of portal-emulator.ts.
    const answer = (await askEmulator({ type: 'requests' })) as { readonly count: number }
    return answer.count
  }
  const [before, start] = [await usage(), performance.now()]
  const told = (await ask(nothing)).messages
  const requests: number[] = []
  let memory = before.memory
  for (let index = 0; index < windows; index += 1) {
    const [asked, at] = [await count(), performance.now()]
    await delay(window)
    // Between the first and the last of a number of requests there is one time less than requests.
    requests.push(Math.max(0, (await count()) - asked - 1) / ((performance.now() - at) / 1000))
    memory = Math.max(memory, (await usage()).memory)
  }
  const { open, messages } = await ask(nothing)
  // Streams that nobody hears of anything cost nothing.
  if (open < pages || messages < told + pages) throw new Error(`${open} pages were told ${messages - told} times.`)
  const used = ((await usage()).used - before.used) / (performance.now() - start)
  return { requests, memory, used }
}
