import type { EmulatorContext } from '../context.ts'
import { pausable, type PauseRule } from '../world/pause-rules.ts'
import { ok, param, type Call, type Reply } from './call.ts'
import { requireCollection } from './open-collection.ts'
import { timestamp } from './timestamps.ts'

/** `GET /v0.10/endpoint/ID/my_effective_pause_rule_list` */
export function effectivePauseRules(call: Call): Reply {
  const { context, caller } = call
  const collection = requireCollection(param(call, 'endpoint'), call)
  const rules = context.world.pauseRules.effective(collection.id, caller.identities)
  return ok({ DATA_TYPE: 'pause_rule_list', DATA: rules.map((rule) => pauseRuleDocument(rule, context)) })
}

/** A rule as people see it who are not the administrator. */
export const pauseRuleDocument = (rule: PauseRule, { world }: Pick<EmulatorContext, 'world'>): object => ({
  DATA_TYPE: 'pause_rule_limited',
  id: rule.id,
  message: rule.message,
  start_time: timestamp(rule.startedAt),
  modified_time: timestamp(rule.startedAt),
  endpoint_id: rule.collection,
  endpoint_display_name: world.collections.find(rule.collection)?.displayName ?? null,
  identity_id: rule.identity,
  ...Object.fromEntries(pausable.map((name) => [`pause_${name}`, rule.operations.includes(name)])),
})
