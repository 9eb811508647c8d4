import * as z from 'zod'
import { putClientIdentity } from './auth/client-identity.ts'
import { findRedirectProblem } from './auth/redirect-uri.ts'
import { globusScopes } from './auth/scope-table.ts'
import type { Clock } from './clock.ts'
import { randomAlphanumeric, randomSecret, randomUuid, type RandomBytes } from './random.ts'
import { linesOf } from './seed/json-lines.ts'
import { plantServiceSeeds } from './seed/plant-service-seeds.ts'
import type { ServiceSeeds } from './seed/service-seed-types.ts'
import { seedCollection, seedGroup, seedSearchIndex } from './seed/service-seeds.ts'
import type { World } from './world.ts'
import { clientTypes, isPublic, type ClientType, type NewClient } from './world/clients.ts'
import { CLIENT_IDENTITY_PROVIDER } from './world/identities.ts'

/** What a seed file may hold. Everything in it is added to the demo world, or replaces what has the same id. */
export interface Seed extends ServiceSeeds {
  /** For editors: where the schema of seed files is. */
  readonly $schema?: string | undefined
  /** Whether the demo world is there too. Default true. */
  readonly demo?: boolean | undefined
  readonly identity_providers?: readonly SeedProvider[] | undefined
  readonly identities?: readonly SeedIdentity[] | undefined
  readonly clients?: readonly SeedClient[] | undefined
  readonly scopes?: readonly SeedScope[] | undefined
  readonly projects?: readonly SeedProject[] | undefined
  readonly policies?: readonly SeedPolicy[] | undefined
}

/** An institution that people log in with, as a seed has it. */
export interface SeedProvider {
  readonly id: string
  readonly name: string
  readonly short_name: string
  readonly domains: readonly string[]
}

/** A person or service, as a seed has it. */
export interface SeedIdentity {
  readonly id: string
  /** `name@domain`; the domain names the identity provider. */
  readonly username: string
  readonly name?: string | null | undefined
  readonly email?: string | null | undefined
  readonly organization?: string | null | undefined
  /** Made up at first start unless given. */
  readonly password?: string | undefined
  /** The primary identity of the account it belongs to. */
  readonly linked_to?: string | undefined
  readonly mfa?: boolean | undefined
}

/** A registered app, as a seed has it. */
export interface SeedClient {
  readonly id: string
  readonly name: string
  readonly client_type: ClientType
  readonly redirect_uris: readonly string[]
  /** Made up at first start unless given; public clients have none. */
  readonly client_secret?: string | undefined
  readonly privacy_policy?: string | undefined
  readonly terms_and_conditions?: string | undefined
  /** The project of developers that it belongs to. */
  readonly project?: string | undefined
}

/** What developers share; see the developer API. */
export interface SeedProject {
  readonly id: string
  readonly display_name: string
  readonly contact_email: string
  readonly admin_ids: readonly string[]
  readonly admin_group_ids?: readonly string[] | undefined
}

/** A rule about logins that services demand by its id. */
export interface SeedPolicy {
  readonly id: string
  readonly project_id: string
  readonly display_name: string
  readonly description?: string | undefined
  readonly high_assurance?: boolean | undefined
  readonly required_mfa?: boolean | undefined
  /** Seconds. */
  readonly authentication_assurance_timeout?: number | undefined
  readonly domain_constraints_include?: readonly string[] | undefined
  readonly domain_constraints_exclude?: readonly string[] | undefined
}

/** A scope of a resource server, as a seed has it. */
export interface SeedScope {
  readonly id: string
  readonly scope_string: string
  readonly client: string
  readonly description: string
  readonly dependent_scopes?: readonly { readonly scope: string; readonly optional?: boolean | undefined }[] | undefined
}

const redirectUri = z.string().check((input) => {
  const problem = findRedirectProblem(input.value)
  if (problem !== undefined) input.issues.push({ code: 'custom', message: problem, input: input.value })
})

const webAddress = z.url({ protocol: /^https?$/ })

const username = z.string().regex(/^[^\s@]+@[^\s@]+$/, 'must look like name@domain')

/** What is checked of a seed; published as JSON Schema. */
export const seedSchema: z.ZodType<Seed> = z.strictObject({
  $schema: z.string().optional(),
  demo: z.boolean().optional(),
  groups: z.array(seedGroup).optional(),
  search_indexes: z.array(seedSearchIndex).optional(),
  collections: z.array(seedCollection).optional(),
  identity_providers: z
    .array(z.strictObject({ id: z.guid(), name: z.string(), short_name: z.string(), domains: z.array(z.string()) }))
    .optional(),
  identities: z
    .array(
      z.strictObject({
        id: z.guid(),
        username,
        name: z.string().nullish(),
        email: z.string().nullish(),
        organization: z.string().nullish(),
        password: z.string().min(1).optional(),
        linked_to: z.guid().optional(),
        mfa: z.boolean().optional(),
      }),
    )
    .optional(),
  clients: z
    .array(
      z.strictObject({
        id: z.guid(),
        name: z.string().min(1),
        client_type: z.enum(clientTypes),
        redirect_uris: z.array(redirectUri),
        client_secret: z.string().min(1).optional(),
        privacy_policy: webAddress.optional(),
        terms_and_conditions: webAddress.optional(),
        project: z.guid().optional(),
      }),
    )
    .optional(),
  projects: z
    .array(
      z.strictObject({
        id: z.guid(),
        display_name: z.string().min(1),
        contact_email: z.string(),
        admin_ids: z.array(z.guid()),
        admin_group_ids: z.array(z.guid()).optional(),
      }),
    )
    .optional(),
  policies: z
    .array(
      z.strictObject({
        id: z.guid(),
        project_id: z.guid(),
        display_name: z.string().min(1),
        description: z.string().optional(),
        high_assurance: z.boolean().optional(),
        required_mfa: z.boolean().optional(),
        authentication_assurance_timeout: z.int().min(0).optional(),
        domain_constraints_include: z.array(z.string()).optional(),
        domain_constraints_exclude: z.array(z.string()).optional(),
      }),
    )
    .optional(),
  scopes: z
    .array(
      z.strictObject({
        id: z.guid(),
        scope_string: z.string().regex(/^[^[\]*\s]+$/, 'must not hold spaces, brackets or asterisks'),
        client: z.guid(),
        description: z.string(),
        dependent_scopes: z.array(z.strictObject({ scope: z.string(), optional: z.boolean().optional() })).optional(),
      }),
    )
    .optional(),
})

/** Checks a seed document. @throws TypeError naming each key that is wrong */
export function checkSeed(document: unknown): Seed {
  return check(document, new Map())
}

/** Reads a seed file's text. @throws TypeError naming line and key of everything that is wrong */
export function parseSeed(text: string): Seed {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (cause) {
    throw new TypeError(`The seed is not JSON: ${cause instanceof Error ? cause.message : 'unreadable'}`, { cause })
  }
  return check(document, linesOf(text))
}

function check(document: unknown, lines: ReadonlyMap<string, number>): Seed {
  const result = seedSchema.safeParse(document)
  if (result.success) return result.data
  const problems = result.error.issues.map(({ path, message }) => {
    const line = lineAt(path.map(String), lines)
    return `${line === undefined ? '' : `line ${line}, `}${path.join('.') || 'the document'}: ${message}`
  })
  throw new TypeError(`The seed is wrong at ${problems.join('; ')}`)
}

/** Where a key stands; what is missing stands where it should. */
function lineAt(path: readonly string[], lines: ReadonlyMap<string, number>): number | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const line = lines.get(path.slice(0, length).join('.'))
    if (line !== undefined) return line
  }
  return undefined
}

export interface SeedTools {
  readonly world: World
  readonly clock: Clock
  readonly random: RandomBytes
}

/** Puts a seed into the world. Secrets and passwords that exist already are kept. @throws TypeError for references to nothing */
export function plant(seed: Seed, tools: SeedTools): void {
  tools.world.transaction(() => {
    for (const provider of seed.identity_providers ?? []) {
      tools.world.identities.putProvider({ ...provider, shortName: provider.short_name })
    }
    for (const identity of seed.identities ?? []) plantIdentity(identity, tools)
    for (const project of seed.projects ?? []) plantProject(project, tools)
    for (const client of seed.clients ?? []) plantClient(client, tools)
    for (const scope of seed.scopes ?? []) plantScope(scope, tools)
    for (const policy of seed.policies ?? []) plantPolicy(policy, tools)
    plantServiceSeeds(seed, tools)
  })
}

/** What every world has: the scopes of Globus and the provider of client identities. */
export function plantGlobus({ world }: SeedTools): void {
  world.transaction(() => {
    for (const scope of globusScopes) world.scopes.put(scope)
    const domains = ['clients.auth.globus.org']
    world.identities.putProvider({
      id: CLIENT_IDENTITY_PROVIDER,
      name: 'Globus Auth',
      shortName: 'globus_auth',
      domains,
    })
  })
}

function plantIdentity(seed: SeedIdentity, { world, random }: SeedTools): void {
  const domain = seed.username.slice(seed.username.lastIndexOf('@') + 1)
  const provider = world.identities.findProviderByDomain(domain)
  if (provider === undefined)
    throw new TypeError(`Identity ${seed.username}: no identity provider has the domain ${domain}`)
  const primaryIdentity = seed.linked_to ?? seed.id
  if (primaryIdentity !== seed.id && world.identities.find(primaryIdentity) === undefined) {
    throw new TypeError(`Identity ${seed.username}: linked_to ${primaryIdentity} does not exist`)
  }
  const holder = world.identities.findByUsername(seed.username)
  if (holder !== undefined && holder.id !== seed.id)
    throw new TypeError(`Identity ${seed.username}: ${holder.id} has this username`)
  world.identities.put({
    id: seed.id,
    username: seed.username,
    name: seed.name ?? null,
    email: seed.email ?? null,
    organization: seed.organization ?? null,
    identityProvider: provider.id,
    identityType: 'login',
    status: 'used',
    primaryIdentity,
    password: seed.password ?? world.identities.find(seed.id)?.password ?? randomAlphanumeric(random, 16),
    mfa: seed.mfa ?? false,
  })
  if (seed.password !== undefined) world.demandedPasswords.demand(seed.id)
}

function plantClient(seed: SeedClient, tools: SeedTools): void {
  const { world } = tools
  const client: NewClient = {
    id: seed.id,
    name: seed.name,
    clientType: seed.client_type,
    parentClient: null,
    redirectUris: seed.redirect_uris,
    privacyPolicy: seed.privacy_policy ?? null,
    termsAndConditions: seed.terms_and_conditions ?? null,
    project: requireProject(seed.project, seed.id, world),
  }
  world.clients.put(client)
  if (isPublic(client)) {
    if (seed.client_secret !== undefined)
      throw new TypeError(`Client ${seed.id}: a ${seed.client_type} has no client_secret`)
    return
  }
  plantSecret(seed, tools)
  putClientIdentity(client, world)
}

function plantSecret(seed: SeedClient, { world, clock, random }: SeedTools): void {
  if (seed.client_secret !== undefined) world.clients.removeSecrets(seed.id)
  else if (world.clients.secrets(seed.id).length > 0) return
  world.clients.addSecret(seed.id, randomUuid(random), seed.client_secret ?? randomSecret(random), clock.now())
}

/** A client that can authenticate is also somebody: others can share with it. */

function plantScope(seed: SeedScope, { world }: SeedTools): void {
  if (world.clients.find(seed.client) === undefined)
    throw new TypeError(`Scope ${seed.scope_string}: client ${seed.client} does not exist`)
  const dependentScopes = (seed.dependent_scopes ?? []).map(({ scope, optional }) => ({
    scope,
    optional: optional ?? false,
  }))
  const missing = dependentScopes.find(({ scope }) => world.scopes.find(scope) === undefined)
  if (missing !== undefined)
    throw new TypeError(`Scope ${seed.scope_string}: dependent scope ${missing.scope} does not exist`)
  world.scopes.put({
    id: seed.id,
    scopeString: seed.scope_string,
    client: seed.client,
    resourceServer: seed.client,
    description: seed.description,
    allowsRefreshToken: true,
    dependentScopes,
  })
}

function plantProject(seed: SeedProject, { world }: SeedTools): void {
  const missing = seed.admin_ids.find((id) => world.identities.find(id) === undefined)
  if (missing !== undefined) throw new TypeError(`Project ${seed.id}: admin ${missing} does not exist`)
  world.projects.put({
    id: seed.id,
    displayName: seed.display_name,
    contactEmail: seed.contact_email,
    adminIds: seed.admin_ids,
    adminGroupIds: seed.admin_group_ids ?? [],
  })
}

function plantPolicy(seed: SeedPolicy, { world }: SeedTools): void {
  world.policies.put({
    id: seed.id,
    project: requireProject(seed.project_id, seed.id, world) ?? '',
    displayName: seed.display_name,
    description: seed.description ?? '',
    highAssurance: seed.high_assurance ?? false,
    requiredMfa: seed.required_mfa ?? false,
    authenticationAssuranceTimeout: seed.authentication_assurance_timeout ?? null,
    domainsInclude: seed.domain_constraints_include ?? null,
    domainsExclude: seed.domain_constraints_exclude ?? null,
  })
}

function requireProject(id: string | undefined, of: string, { projects }: World): string | null {
  if (id !== undefined && projects.find(id) === undefined) throw new TypeError(`${of}: project ${id} does not exist`)
  return id ?? null
}
