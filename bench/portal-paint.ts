// Opens pages of the portal in Chromium and tells when they showed something. Each time in a browser that knows nothing yet.
import { setTimeout as delay } from 'node:timers/promises'
import { chromium, type Browser, type BrowserContext } from 'playwright-core'
import { capability } from '../tools/lib/capability.ts'
import { answerParent } from './child.ts'

export interface PaintQuestion {
  readonly origin: string
  readonly paths: readonly string[]
  readonly loads: number
}

/** Of one page. */
export interface Paint {
  readonly path: string
  /** Milliseconds until the first content was painted, load by load. */
  readonly painted: readonly number[]
  /** Bytes of scripts and styles, as they came over the wire without compression. */
  readonly bytes: number
}

export interface PaintAnswer {
  /** Undefined: there is no browser here. */
  readonly pages: readonly Paint[] | undefined
}

answerParent(async (question) => {
  // Sent by portal-paint-load.ts.
  const { origin, paths, loads } = question as PaintQuestion
  const program = capability('browser')
  if (!program.available) return { pages: undefined } satisfies PaintAnswer
  const browser = await chromium.launch({
    executablePath: program.path,
    args: ['--disable-dev-shm-usage'],
    // Chromium's sandbox does not start as root, and these pages are all our own.
    chromiumSandbox: false,
  })
  try {
    const pages: Paint[] = []
    for (const path of paths) pages.push(await measure(browser, { origin, path, loads }))
    return { pages } satisfies PaintAnswer
  } finally {
    await browser.close()
  }
})

interface Order {
  readonly origin: string
  readonly path: string
  readonly loads: number
}

async function measure(browser: Browser, { origin, path, loads }: Order): Promise<Paint> {
  const login = await browser.newContext()
  await (await login.newPage()).goto(`${origin}/login`)
  const state = await login.storageState()
  await login.close()
  const painted: number[] = []
  let bytes = 0
  for (let load = -1; load < loads; load += 1) {
    const seen = await loadOnce(browser, origin + path, state)
    bytes = seen.bytes
    if (load >= 0) painted.push(seen.painted)
  }
  return { path, painted, bytes }
}

type State = Awaited<ReturnType<BrowserContext['storageState']>>

interface Seen {
  readonly painted: number
  readonly bytes: number
}

/** As somebody who is logged in, with an empty cache. */
async function loadOnce(browser: Browser, address: string, storageState: State): Promise<Seen> {
  const fresh = await browser.newContext({ storageState })
  try {
    const opened = await fresh.newPage()
    await opened.goto(address, { waitUntil: 'load' })
    for (;;) {
      // What the expression says.
      const seen = (await opened.evaluate(look)) as Seen | { readonly painted: null }
      if (seen.painted !== null) return seen
      await delay(20)
    }
  } finally {
    await fresh.close()
  }
}

/** In the page. Paint is counted from when the browser began to load it. */
const look = `({
  painted: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null,
  bytes: performance.getEntriesByType('resource')
    .filter(({ initiatorType, name }) => initiatorType === 'script' || /\\.(?:css|js|ts)(?:\\?|$)/.test(name))
    .reduce((sum, { decodedBodySize }) => sum + decodedBodySize, 0),
})`
