import { tagOf, subjectTag } from './session-store.ts'

/**
 * Where things lie in Redis. A script may touch keys of one slot only when Redis is a cluster, and a slot is chosen by what
 * stands in braces: so values live in a few shards, each with its own index of expiry and its own index of subjects.
 */
export interface RedisKeys {
  /** The braces that all keys of an identifier begin with. */
  shardOf(id: string): string
  valueKey(id: string): string
  /** Where values of a subject can be: with those of its tag, or with those that have none. */
  shardsOfSubject(subject: string): readonly string[]
  /** All of them, beginning with another one at each call, so that a sweep with a limit starves none. */
  shardsInTurn(): readonly string[]
  readonly queue: string
}

/** Part of where everything lies: another number would lose what is stored. */
const shards = 16

export function createKeys(prefix: string): RedisKeys {
  if (/[{}\s]/.test(prefix)) throw new TypeError('prefix must not hold braces or spaces.')
  const untagged = `{${prefix}all}`
  const tagged = Array.from({ length: shards }, (_, shard) => `{${prefix}${shard}}`)
  const all = [untagged, ...tagged]
  let turn = 0

  const shardOf = (id: string): string => {
    const tag = tagOf(id)
    return (tag === undefined ? undefined : tagged[spread(tag) % shards]) ?? untagged
  }

  return {
    shardOf,
    valueKey: (id) => `${shardOf(id)}value:${id}`,
    shardsOfSubject: (subject) => [...new Set([shardOf(subjectTag(subject)), untagged])],
    shardsInTurn() {
      turn = (turn + 1) % all.length
      return [...all.slice(turn), ...all.slice(0, turn)]
    },
    queue: `{${prefix}queue}`,
  }
}

/** FNV-1a: spreads short texts evenly and costs less than a hash that nobody needs to be safe. */
function spread(text: string): number {
  let sum = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193)
  return sum >>> 0
}
