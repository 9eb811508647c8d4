const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const

/** Bytes as people read them, in thousands: `12.3 MB`. */
export function size(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  // 999,950 bytes are not 1000.0 kB.
  if (power > 0 && value >= 999.95 && power < units.length - 1) return `1.0 ${units[power + 1] ?? ''}`
  return `${power === 0 ? value : value.toFixed(1)} ${units[power] ?? ''}`
}
