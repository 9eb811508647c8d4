import { logIn, Visitor } from '../support/browser-like.ts'
import { transferServer } from '../support/emulator.ts'

const name = 'Maya Okafor'
const atOnce = 8

/** One browser that is logged in. */
export interface Person {
  readonly visitor: Visitor
}

/** Browsers that are logged in, one session each. */
export async function gather(origin: string, count: number): Promise<Person[]> {
  const people = Array.from({ length: count }, () => ({ visitor: new Visitor() }))
  await inTurn(people, ({ visitor }) => enter(visitor, origin))
  return people
}

/** Logs in, anew where there is a session. */
export async function enter(visitor: Visitor, origin: string): Promise<void> {
  await logIn(visitor, `${origin}/login`, name)
  if (!isAtHome(visitor)) throw new Error(`The login ended with ${visitor.status} at ${visitor.url}: ${visitor.text}`)
}

export function isAtHome({ status, body }: Visitor): boolean {
  return isHome(status, body)
}

/** Whether this is the home page of somebody who is logged in. */
export function isHome(status: number, body: string): boolean {
  return (
    status === 200 &&
    body
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .includes(`Hello ${name}!`)
  )
}

/** A token of Transfer that the portal holds for this person, asked for `times` over at once. */
export async function tokensOf({ visitor }: Person, origin: string, times: number): Promise<string[]> {
  const cookie = await visitor.cookies(origin)
  const page = await (await fetch(`${origin}/logout`, { headers: { cookie, accept: 'text/html' } })).text()
  const csrf = /name="csrf_token" value="([^"]+)"/.exec(page)?.[1]
  if (csrf === undefined) throw new Error(`No form, but ${page}`)
  const ask = async (attempts = 5): Promise<string> => {
    const answer = await fetch(`${origin}/account/tokens/reveal`, {
      method: 'POST',
      headers: { cookie, origin, accept: 'text/html' },
      body: new URLSearchParams({ csrf_token: csrf, resource_server: transferServer }),
    })
    const text = await answer.text()
    // The database was too slow on a busy machine; a person would try again.
    if (text.includes('store_unavailable') && attempts > 1) return ask(attempts - 1)
    const token = /<code\b[^>]*>([\w-]{40,})<\/code>/.exec(text)?.[1]
    if (answer.status !== 200 || token === undefined) throw new Error(`No token, but ${answer.status}: ${text}`)
    return token
  }
  return Promise.all(Array.from({ length: times }, () => ask()))
}

/** Does the work for all, a few at a time, and gives the results in their order. */
export async function inTurn<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const queue = items.entries()
  const take = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: atOnce }, take))
  return results
}
