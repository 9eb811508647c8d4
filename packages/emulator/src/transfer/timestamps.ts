/** `2026-03-04T10:20:30+00:00`, as tasks, events and rules have it. */
export const timestamp = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 19)}+00:00`

export const optionalTimestamp = (milliseconds: number | null): string | null =>
  milliseconds === null ? null : timestamp(milliseconds)

/** `2026-03-04 10:20:30+00:00`, as files have it. */
export const fileTimestamp = (milliseconds: number): string => timestamp(milliseconds).replace('T', ' ')

/** Reads a date with or without a time, by default in UTC; undefined when it is none. */
export function parseTimestamp(text: string): number | undefined {
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?)?$/.exec(text.trim())
  if (match === null) return undefined
  const [, day, time = '00:00:00', zone = 'Z'] = match
  const at = Date.parse(`${day}T${time}${zone}`)
  return Number.isNaN(at) ? undefined : at
}
