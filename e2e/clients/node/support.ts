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
  readonly clients: { readonly app: App; readonly apache: App; readonly authjs: App; readonly browser: App }
}

// world.ts writes it, for exactly this reader.
export const world = JSON.parse(process.env.EMULATOR_WORLD ?? '{}') as JudgedWorld

/** Opens an authorization address as Maya, in a browser of its own unless one is given. */
export const authorize = (address: string | URL, { deny = false, browser = createUserAgent() } = {}): Promise<URL> =>
  browser.authorize(address, { as: world.people.maya.id, deny })

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

/** The JSON of an answer. @throws Error for every status but 200, with the body */
export async function json(response: Response): Promise<Readonly<Record<string, unknown>>> {
  const text = await response.text()
  assert(response.status === 200, `status ${response.status}: ${text}`)
  // A record or a failing assertion on its first key.
  return JSON.parse(text) as Record<string, unknown>
}

function isNotImitated(error: unknown): boolean {
  return error instanceof Error && (/NOT_IMITATED|does not imitate/.test(error.message) || isNotImitated(error.cause))
}
