import { describeCause } from './log.ts'

/** Clients of databases try again every second or two. Milliseconds. */
const pause = 60_000

/** Says once a minute at most that the store of sessions is not there, where it was looked for, and what that means. */
export function tellOfStore(
  url: string,
  write: (fields: object, text: string) => void,
  now = () => performance.now(),
): (error: unknown) => void {
  let next = -Infinity
  return (error) => {
    if (now() < next) return
    next = now() + pause
    write({ store: placeOf(url), cause: describeCause(error) }, text)
  }
}

const text =
  'The session store does not answer. Start it, or correct SESSION_STORE_URL. Until it answers, nobody can log in or is logged ' +
  'in, and /readyz says 503; it is tried again all the time.'

/** Without the user and the password. */
function placeOf(url: string): string {
  const parsed = URL.parse(url)
  return parsed === null ? 'unreadable' : `${parsed.protocol}//${parsed.host}`
}
