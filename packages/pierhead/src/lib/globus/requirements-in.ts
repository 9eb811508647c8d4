import { AuthorizationRequirementsError } from '../../errors.ts'
import { findAuthorizationRequirements } from './authorization-requirements.ts'
import { serviceOf } from './services.ts'

/**
 * What a good answer asks of the person: a Flows run or a timer that stopped for a consent, or the text of a Transfer
 * event. Throw the result to start the step-up; undefined means that nothing is asked.
 */
export function requirementsIn(
  service: 'transfer' | 'flows' | 'timers',
  document: unknown,
): AuthorizationRequirementsError | undefined {
  const requirements = findAuthorizationRequirements(document)
  if (!requirements) return undefined
  const { resourceServer } = serviceOf(service === 'flows' ? 'FLOWS' : service === 'timers' ? 'TIMERS' : 'TRANSFER')
  return new AuthorizationRequirementsError(requirements, { service, resourceServer })
}
