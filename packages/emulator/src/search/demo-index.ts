import { demo } from '../demo.ts'
import type { SearchEntry } from '../world/search-entries.ts'
import { groupUrn } from './call.ts'

const stations = [
  'Northmole',
  'Southmole',
  'Lantern Rock',
  'Old Quay',
  'Ferry Stairs',
  'Salt Sluice',
  'Gull Island',
  'Herring Bank',
  'Mill Creek',
  'West Breakwater',
  'Bell Buoy',
  'Outer Road',
] as const

const instruments = ['radar gauge', 'pressure gauge', 'float gauge', 'acoustic gauge'] as const

const years = [2021, 2022, 2023, 2024, 2025] as const

/** Four records of each station and year: 240. The last year's final quarter is not released yet: 12 are for the Tide Crew. */
export const demoEntries: readonly SearchEntry[] = stations.flatMap((station, place) =>
  years.flatMap((year) => [1, 2, 3, 4].map((quarter) => record({ station, place, year, quarter }))),
)

interface Place {
  readonly station: string
  readonly place: number
  readonly year: number
  readonly quarter: number
}

function record({ station, place, year, quarter }: Place): SearchEntry {
  const unreleased = year === years.at(-1) && quarter === 4
  const instrument = instruments[(place + year + quarter) % instruments.length]
  const folder = `/stations/${String(place + 1).padStart(2, '0')}/`
  return {
    index: demo.searchIndexes.harbourData,
    subject: `globus://${demo.collections.tidalSurveyPublic}${folder}${year}-q${quarter}.csv`,
    id: null,
    visibleTo: unreleased ? [groupUrn(demo.groups.tideCrew)] : ['public'],
    principalSets: {},
    content: {
      title: `Tides at ${station}, quarter ${quarter} of ${year}`,
      station,
      year,
      date: `${year}-${String(quarter * 3 - 2).padStart(2, '0')}-01`,
      instrument,
      highest_level_m: Math.round((3 + ((place * 7 + year * 3 + quarter * 5) % 23) / 10) * 10) / 10,
      samples: 2160 + ((place * 31 + quarter * 17) % 24),
      location: { lat: 54 + place / 100, lon: 8 + place / 50 },
      released: !unreleased,
      keywords: ['tide', 'sea level', unreleased ? 'preliminary' : 'released'],
      files: [{ collection: demo.collections.tidalSurveyPublic, path: folder }],
    },
  }
}
