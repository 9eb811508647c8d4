import { withdrawConsent } from './auth/withdraw-consent.ts'
import type { EmulatorContext } from './context.ts'
import { removeClient, removeScope } from './developer/register-client.ts'

/** The kinds of things that can be taken out of the world. */
export const removable = ['identity', 'client', 'scope', 'consent', 'policy', 'project', 'token'] as const

/** What can be taken out of the world. */
export type Removable = (typeof removable)[number]

/**
 * Takes something out of the world, with what rests on it: an identity by its id or username, a client, policy or project by its id, a
 * scope by its string or id, a consent by its number, a token by its text. What belongs to the demo world comes back with a reset or restart.
 *
 * @returns whether it was there
 */
export const removeThing = (what: Removable, id: string, context: EmulatorContext): boolean =>
  context.world.transaction(() => removers[what](id, context))

const removers: Readonly<Record<Removable, (id: string, context: EmulatorContext) => boolean>> = {
  identity: (id, { world }) => {
    const identity = world.identities.find(id) ?? world.identities.findByUsername(id)
    return identity !== undefined && world.removal.identity(identity.id) > 0
  },
  client: (id, context) => {
    const client = context.world.clients.find(id)
    if (client !== undefined) removeClient(client, context)
    return client !== undefined
  },
  scope: (id, context) => {
    const scope = context.world.scopes.find(id) ?? context.world.scopes.findById(id)
    if (scope !== undefined) removeScope(scope.scopeString, context)
    return scope !== undefined
  },
  consent: (id, context) => {
    const consent = context.world.consents.find(Number(id))
    if (consent !== undefined) withdrawConsent(consent.id, context)
    return consent !== undefined
  },
  policy: (id, { world }) => {
    const isThere = world.policies.find(id) !== undefined
    world.policies.remove(id)
    return isThere
  },
  project: (id, context) => {
    const { world } = context
    const isThere = world.projects.find(id) !== undefined
    for (const client of world.clients.inProject(id)) removeClient(client, context)
    for (const policy of world.policies.inProject(id)) world.policies.remove(policy.id)
    world.projects.remove(id)
    return isThere
  },
  token: (id, { world, clock }) => {
    const token = world.tokens.findLive(id, clock.now())
    if (token !== undefined) world.tokens.revoke(token, clock.now())
    return token !== undefined
  },
}
