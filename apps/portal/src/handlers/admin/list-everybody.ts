import { browserName } from '../../browser-name.ts'
import type { PortalContext } from '../../context.ts'
import type { KnownPerson } from '../../operator/people.ts'
import type { SessionView } from '../../views/sessions.ts'

/** Somebody with at least one session. */
export interface PersonSessions extends KnownPerson {
  readonly sessions: readonly SessionView[]
}

export const mostPeople = 500

/** Sessions of everybody who is known, and forgets who has none any more. */
export async function listEverybody(
  { login, people }: PortalContext,
  known: readonly KnownPerson[],
  own: string,
): Promise<PersonSessions[]> {
  const all: PersonSessions[] = []
  for (const person of known) {
    const sessions: SessionView[] = []
    for await (const { browser, createdAt, id, seenAt } of login.sessions(person.subject)) {
      sessions.push({ id, browser: browserName(browser), createdAt, seenAt, isThisBrowser: id === own })
    }
    if (sessions.length === 0) people.forget(person.subject)
    else all.push({ ...person, sessions: sessions.toSorted((left, right) => right.seenAt - left.seenAt) })
  }
  return all
}
