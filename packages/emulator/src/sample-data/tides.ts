/** A tide gauge: where it stands, and how strong the tide is there. */
export interface Station {
  readonly name: string
  readonly latitude: number
  readonly longitude: number
  /** Metres. */
  readonly range: number
}

const names = [
  'Alder Point', 'Brackwater', 'Cormorant Rock', 'Dunmouth', 'Eider Bay', 'Foulness Reach', 'Gannet Sound', 'Harbour Bar',
  'Inner Skerry', 'Jetty Nine', 'Kelp Ness', 'Long Strand',
] // prettier-ignore

/** Twelve made-up stations along one coast. */
export const stations: readonly Station[] = names.map((name, index) => ({
  name,
  latitude: 57 + index * 0.11,
  longitude: 2 + Math.sin(index) * 0.3,
  range: 1.2 + ((index * 7) % 5) * 0.45,
}))

/** Period in hours and share of the four strongest constituents: M2, S2, K1, O1. */
const constituents = [
  [12.4206012, 1],
  [12, 0.34],
  [23.93447213, 0.18],
  [25.81933871, 0.12],
] as const

/** The level in metres above the mean, that many hours after the first reading. */
export function tideLevel(station: Station, hours: number): number {
  const phase = station.longitude * 1.7 + station.latitude
  const sum = constituents.reduce(
    (level, [period, share], index) => level + share * Math.cos((2 * Math.PI * hours) / period - phase * (index + 1)),
    0,
  )
  // The weather adds a slow swell that no two stations share.
  return station.range * (0.5 * sum + 0.08 * Math.sin(hours / 37 + phase * 5))
}

const START = Date.UTC(2026, 0, 1)

/** Hourly readings as CSV. */
export function tideTable(station: Station, days: number): string {
  const rows = Array.from({ length: days * 24 }, (_, hour) => {
    const time = new Date(START + hour * 3_600_000).toISOString().slice(0, 16)
    return `${time}Z,${station.name},${tideLevel(station, hour).toFixed(3)}`
  })
  return `time,station,level_m\n${rows.join('\n')}\n`
}
