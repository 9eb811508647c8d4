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

const dayLength = 86_400_000
/** Files that lie together are often of one day. */
let lastDay = { day: Number.NaN, date: '' }

/** A moment to the minute, in UTC: `2026-11-21 22:03`. */
export function minute(milliseconds: number): string {
  const day = Math.floor(milliseconds / dayLength)
  if (day !== lastDay.day) lastDay = { day, date: dateOf(new Date(day * dayLength)) }
  const minutes = Math.floor((milliseconds - day * dayLength) / 60_000)
  return `${lastDay.date} ${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}

/** A third of what `toISOString` costs, which lists of a thousand notice. */
function dateOf(time: Date): string {
  return `${time.getUTCFullYear()}-${two(time.getUTCMonth() + 1)}-${two(time.getUTCDate())}`
}

const two = (count: number): string => (count < 10 ? `0${count}` : String(count))
