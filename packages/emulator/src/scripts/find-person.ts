import { needsPassword } from '../auth/needs-password.ts'
import type { World } from '../world.ts'
import type { Client } from '../world/clients.ts'
import type { Identity } from '../world/identities.ts'

/** Finds somebody by id, username or name, as scripts name people. @throws TypeError when there is nobody or more than one */
export function requirePerson(world: World, text: string): Identity {
  const byKey = world.identities.find(text) ?? world.identities.findByUsername(text)
  if (byKey !== undefined) return byKey
  const wanted = text.toLowerCase()
  const found = world.identities.people().filter(({ name }) => name?.toLowerCase() === wanted)
  const [person] = found
  if (person !== undefined && found.length === 1) return person
  throw new TypeError(
    `There is ${found.length === 0 ? 'nobody' : 'more than one'} with the id, username or name ${text}`,
  )
}

/** Finds a client by id or name. @throws TypeError when there is none or more than one */
export function requireClient(world: World, text: string): Client {
  const found = world.clients.find(text) ?? oneOf(world.clients.all().filter(({ name }) => name === text))
  if (found !== undefined) return found
  throw new TypeError(`There is no client, or more than one, with the id or name ${text}`)
}

const oneOf = <Item>(items: readonly Item[]): Item | undefined => (items.length === 1 ? items[0] : undefined)

/** What somebody has to type to log in, if a click on the name is not enough; who holds the world may know it. */
export function credentialsOf(text: string, world: World): Credentials | undefined {
  const byKey = world.identities.find(text) ?? world.identities.findByUsername(text)
  const wanted = text.toLowerCase()
  const person = byKey ?? oneOf(world.identities.people().filter(({ name }) => name?.toLowerCase() === wanted))
  if (person === undefined || person.password === null || needsPassword(person, world) === undefined) return undefined
  return { as: person.username, password: person.password }
}

export interface Credentials {
  /** The username. */
  readonly as: string
  readonly password: string
}
