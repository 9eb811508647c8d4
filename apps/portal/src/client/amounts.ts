const units = ['kB', 'MB', 'GB', 'TB', 'PB'] as const

/** Bytes in the largest unit that leaves a number above one: `1.2 MB`. */
export function bytes(count: number): string {
  if (count < 1000) return `${count} B`
  let value = count / 1000
  let unit = 0
  // Below what would be written as 1000 of its unit.
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${value < 9.95 ? value.toFixed(1) : String(Math.round(value))} ${units[unit] ?? ''}`
}

/** A moment to the minute, in UTC: `2026-11-21 22:03`. */
export function minute(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 16).replace('T', ' ')
}
