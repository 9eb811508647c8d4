import { createUserAgent } from '@pierhead/emulator'

interface Person {
  readonly id: string
  readonly linked: string
  readonly name: string
  readonly username: string
  readonly email: string
}

interface App {
  readonly id: string
  readonly secret: string
  readonly redirect_uri: string
}

/** What the emulator's runner tells every judge. */
interface JudgedWorld {
  readonly url: string
  readonly people: { readonly maya: Person }
  readonly clients: {
    readonly app: App
    readonly apache: App
    readonly authjs: App
    readonly browser: App
    readonly express: App
  }
  readonly collections: Readonly<
    Record<'tidalSurveyArchive' | 'campusClusterScratch' | 'oddNames' | 'tenThousandBuoys', Collection>
  >
}

interface Collection {
  readonly id: string
  /** Its directory on this machine. */
  readonly root: string
}

// world.ts writes it, for exactly this reader.
export const world = JSON.parse(process.env.EMULATOR_WORLD ?? '{}') as JudgedWorld

/** Opens an authorization address as Maya, in a browser of its own unless one is given. */
export const authorize = (address: string | URL, { deny = false, browser = createUserAgent() } = {}): Promise<URL> =>
  browser.authorize(address, { as: world.people.maya.id, deny })

/** Logs Maya in at the example application, with consent to use those mapped collections, and gives her token for Transfer. */
export async function transferToken(collections: readonly string[]): Promise<string> {
  const { app } = world.clients
  const access = collections.map((id) => `*https://auth.globus.org/scopes/${id}/data_access`).join(' ')
  const url = new URL('/v2/oauth2/authorize', world.url)
  const scope = `urn:globus:auth:scope:transfer.api.globus.org:all[${access}]`
  const query = { client_id: app.id, redirect_uri: app.redirect_uri, response_type: 'code', scope }
  url.search = new URLSearchParams(query).toString()
  const code = (await authorize(url)).searchParams.get('code') ?? ''
  const body = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: app.redirect_uri })
  const authorization = `Basic ${btoa(`${app.id}:${app.secret}`)}`
  const tokens = await fetch(`${world.url}/v2/oauth2/token`, { method: 'POST', headers: { authorization }, body })
  return String((await json(tokens)).access_token)
}

/** Throws with the words unless the claim holds. */
export function assert(claim: unknown, words: unknown): asserts claim {
  if (!claim) throw new Error(typeof words === 'string' ? words : JSON.stringify(words))
}

const outcomes = new Map<string, string>()

/** Runs a feature and prints its outcome as one line of JSON; without the feature it needs it is not tried. */
export async function feature(name: string, work: () => Promise<unknown>, needs?: string): Promise<void> {
  const before = needs === undefined ? 'pass' : (outcomes.get(needs) ?? 'fail')
  let [outcome, detail] = [before, before === 'pass' ? '' : `needs ${needs}`]
  if (before === 'pass') {
    try {
      await work()
    } catch (error) {
      outcome = isNotImitated(error) ? 'not imitated' : 'fail'
      detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
      if (outcome === 'fail') console.error(error)
    }
  }
  outcomes.set(name, outcome)
  console.log(JSON.stringify({ feature: name, outcome, detail }))
}

/** The JSON of an answer. @throws Error for every status but the expected one, with the body */
export async function json(response: Response, expected = 200): Promise<Readonly<Record<string, unknown>>> {
  const text = await response.text()
  assert(response.status === expected, `status ${response.status}: ${text}`)
  // A record or a failing assertion on its first key.
  return JSON.parse(text) as Record<string, unknown>
}

function isNotImitated(error: unknown): boolean {
  return error instanceof Error && (/NOT_IMITATED|does not imitate/.test(error.message) || isNotImitated(error.cause))
}
