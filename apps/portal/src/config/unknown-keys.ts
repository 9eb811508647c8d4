import { isRecord, type Place } from './config-file.ts'
import type { Problem } from './explain.ts'
import { nearest } from './nearest.ts'
import { keysBelow, remedies } from './remedies.ts'
import type { Environment } from './overlay.ts'
import { fileVariable, servicePrefix, variables } from './variables.ts'

/** Keys of the file that do not exist: whoever wrote them believes that they do something. */
export function unknownKeys(value: unknown, place: Place = []): Problem[] {
  if (Array.isArray(value)) return value.flatMap((one, index) => unknownKeys(one, [...place, index]))
  if (!isRecord(value)) return []
  const known = keysBelow(keyOf(place))
  // A mapping where none belongs is found by its type.
  if (known.length === 0 || known.includes('*')) return []
  return Object.entries(value).flatMap(([name, one]): Problem[] =>
    known.includes(name)
      ? unknownKeys(one, [...place, name])
      : [{ kind: 'unknown', place: [...place, name], meant: meantBy(name, known) }],
  )
}

/** Letters that are wrong, or a key that stands elsewhere. */
function meantBy(name: string, known: readonly string[]): string {
  const similar = nearest(name, known)
  if (similar !== undefined) return `did you mean ${similar}?`
  const elsewhere = Object.keys(remedies).find((key) => key.split('.').at(-1) === name && !key.includes('['))
  return elsewhere === undefined ? `known here: ${known.join(', ')}` : `did you mean ${elsewhere}?`
}

/** Variables that are almost the name of one. Others are not ours: an orchestrator may well set `PORTAL_SERVICE_HOST`. */
export function misspeltVariables(given: Environment): Problem[] {
  const names = [fileVariable, ...variables.flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name]))]
  const candidates = Object.keys(given).filter(
    (name) =>
      /^(?:PORTAL|PIERHEAD|GLOBUS|SESSION)_/.test(name) && !names.includes(name) && !name.startsWith(servicePrefix),
  )
  return candidates.flatMap((name): Problem[] => {
    const meant = nearest(name, names)
    return meant === undefined ? [] : [{ kind: 'misspelt', name, meant }]
  })
}

export function keyOf(place: Place): string {
  return place
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '')
}
