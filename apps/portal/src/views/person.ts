import type { LoginSession } from 'pierhead'

/** Who is logged in, as pages show them. */
export interface Person {
  /** What to call them: their name, else their username, else a plain word. */
  readonly name: string
}

export function personOf(session: LoginSession): Person {
  const { name, preferred_username: username } = session.claims
  return { name: name || username || 'stranger' }
}
