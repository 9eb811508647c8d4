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
export const demoRecords: readonly DemoRecord[] = stations.flatMap((station, place) =>
  years.flatMap((year) => [1, 2, 3, 4].map((quarter) => demoRecord({ station, place, year, quarter }))),
)

/** The records as the index has them. */
export const demoEntries: readonly SearchEntry[] = demoRecords.map(entryOf)

interface Place {
  readonly station: string
  readonly place: number
  readonly year: number
  readonly quarter: number
}

/** A quarter of a station, and the file that holds it. */
export interface DemoRecord extends Place {
  readonly unreleased: boolean
  readonly collection: string
  /** With a slash at its end. */
  readonly folder: string
  readonly fileName: string
  /** The first day. */
  readonly date: string
  readonly highestLevel: number
  readonly samples: number
}

/** What is not released yet lies where the Tide Crew works. */
function demoRecord(one: Place): DemoRecord {
  const { place, quarter, year } = one
  const unreleased = year === years.at(-1) && quarter === 4
  const { tidalSurveyPublic, tideCrewWorkspace } = demo.collections
  return {
    ...one,
    unreleased,
    collection: unreleased ? tideCrewWorkspace : tidalSurveyPublic,
    folder: `${unreleased ? '/drafts' : ''}/stations/${String(place + 1).padStart(2, '0')}/`,
    fileName: `${year}-q${quarter}.csv`,
    date: `${year}-${String(quarter * 3 - 2).padStart(2, '0')}-01`,
    highestLevel: Math.round((3 + ((place * 7 + year * 3 + quarter * 5) % 23) / 10) * 10) / 10,
    samples: 360 + ((place * 31 + quarter * 17) % 6),
  }
}

function entryOf(record: DemoRecord): SearchEntry {
  const { collection, date, fileName, folder, place, quarter, station, unreleased, year } = record
  const instrument = instruments[(place + year + quarter) % instruments.length]
  return {
    index: demo.searchIndexes.harbourData,
    subject: `globus://${collection}${folder}${fileName}`,
    id: null,
    visibleTo: unreleased ? [groupUrn(demo.groups.tideCrew)] : ['public'],
    principalSets: {},
    content: {
      title: `Tides at ${station}, quarter ${quarter} of ${year}`,
      station,
      year,
      date,
      instrument,
      highest_level_m: record.highestLevel,
      samples: record.samples,
      location: { lat: 54 + place / 100, lon: 8 + place / 50 },
      released: !unreleased,
      keywords: ['tide', 'sea level', unreleased ? 'preliminary' : 'released'],
      files: [{ collection, path: folder }],
    },
  }
}
