import * as z from 'zod'
import type { EmulatorContext } from '../context.ts'
import { readJson } from '../http/body.ts'
import { badRequest, notFound } from '../http/error-documents.ts'
import { randomUuid } from '../random.ts'
import type { PathParameters } from '../routes.ts'
import type { Policy } from '../world/policies.ts'
import { authenticateDeveloper, authenticateReader, requireProject, requireProjectForChange } from './access.ts'
import { policyDocument } from './documents.ts'

const domains = z.union([z.string().transform((domain) => [domain]), z.array(z.string().min(1)).max(1000)]).nullable()

const fields = z.object({
  project_id: z.guid().transform((id) => id.toLowerCase()),
  display_name: z.string().min(1).max(512),
  description: z.string().max(4096),
  high_assurance: z.boolean().optional(),
  required_mfa: z.boolean().optional(),
  authentication_assurance_timeout: z.int().min(0).max(1e9).nullish(),
  domain_constraints_include: domains.optional(),
  domain_constraints_exclude: domains.optional(),
})

/** `GET /v2/api/policies`: those of the caller's projects. */
export function listPolicies(request: Request, context: EmulatorContext): Response {
  const { identities } = authenticateReader(request, context)
  const { projects, policies } = context.world
  const found = projects.administeredBy(identities).flatMap(({ id }) => policies.inProject(id))
  return Response.json({ policies: found.map(policyDocument) })
}

/** `POST /v2/api/policies`. */
export async function createPolicy(request: Request, context: EmulatorContext): Promise<Response> {
  const caller = authenticateDeveloper(request, context)
  const { policy: given } = await readJson(request, z.object({ policy: fields }))
  requireProjectForChange(given.project_id, caller, context)
  const policy = {
    id: randomUuid(context.random),
    project: given.project_id,
    displayName: given.display_name,
    description: given.description,
    highAssurance: given.high_assurance ?? false,
    requiredMfa: given.required_mfa ?? false,
    authenticationAssuranceTimeout: given.authentication_assurance_timeout ?? null,
    domainsInclude: given.domain_constraints_include ?? null,
    domainsExclude: given.domain_constraints_exclude ?? null,
  }
  return store(policy, 201, context)
}

/** `GET /v2/api/policies/:id`. */
export function getPolicy(request: Request, context: EmulatorContext, { id = '' }: PathParameters): Response {
  const caller = authenticateReader(request, context)
  const policy = find(id, context)
  requireProject(policy.project, caller, context)
  return Response.json({ policy: policyDocument(policy) })
}

/** `PUT /v2/api/policies/:id`: changes what is given; null takes a limit away. */
export async function updatePolicy(
  request: Request,
  context: EmulatorContext,
  { id = '' }: PathParameters,
): Promise<Response> {
  const caller = authenticateDeveloper(request, context)
  const policy = find(id, context)
  requireProjectForChange(policy.project, caller, context)
  const { policy: given } = await readJson(request, z.object({ policy: fields.partial() }))
  if (given.project_id !== undefined) requireProjectForChange(given.project_id, caller, context)
  const kept = <Value>(value: Value | undefined, before: Value): Value => (value === undefined ? before : value)
  const changed = {
    id,
    project: kept(given.project_id, policy.project),
    displayName: kept(given.display_name, policy.displayName),
    description: kept(given.description, policy.description),
    highAssurance: kept(given.high_assurance, policy.highAssurance),
    requiredMfa: kept(given.required_mfa, policy.requiredMfa),
    authenticationAssuranceTimeout: kept(given.authentication_assurance_timeout, policy.authenticationAssuranceTimeout),
    domainsInclude: kept<readonly string[] | null>(given.domain_constraints_include, policy.domainsInclude),
    domainsExclude: kept<readonly string[] | null>(given.domain_constraints_exclude, policy.domainsExclude),
  }
  return store(changed, 200, context)
}

/** `DELETE /v2/api/policies/:id`. */
export function deletePolicy(request: Request, context: EmulatorContext, { id = '' }: PathParameters): Response {
  const caller = authenticateDeveloper(request, context)
  const policy = find(id, context)
  requireProjectForChange(policy.project, caller, context)
  context.world.policies.remove(id)
  return Response.json({ policy: policyDocument(policy) })
}

function find(id: string, { world }: EmulatorContext): Policy {
  const policy = world.policies.find(id)
  if (policy === undefined) throw notFound('There is no policy with this id')
  return policy
}

function store(policy: Policy, status: number, { world }: EmulatorContext): Response {
  if (policy.requiredMfa && !policy.highAssurance)
    throw badRequest('required_mfa is for policies with high_assurance only')
  world.policies.put(policy)
  return Response.json({ policy: policyDocument(policy) }, { status })
}
