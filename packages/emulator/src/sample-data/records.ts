import { demoRecords, type DemoRecord } from '../search/demo-index.ts'
import type { SampleFile } from './files.ts'
import { tideLevel } from './tides.ts'

const HOUR = 3_600_000
/** Hours between readings. */
const step = 6

/** The files that the records of the index tell of: levels of a quarter each, four a day. */
export function recordFiles(collection: string): SampleFile[] {
  return demoRecords
    .filter((record) => record.collection === collection)
    .map((record) => ({ path: `${record.folder.slice(1)}${record.fileName}`, content: quarterTable(record) }))
}

/** As many readings as the record says, the highest as high as it says. */
function quarterTable({ date, highestLevel, place, samples, station }: DemoRecord): string {
  const start = Date.parse(date)
  const gauge = { name: station, latitude: 54 + place / 100, longitude: 8 + place / 50, range: 1.2 + place * 0.1 }
  const levels = Array.from({ length: samples }, (_, index) => tideLevel(gauge, start / HOUR + index * step))
  const lift = highestLevel - Math.max(...levels)
  const rows = levels.map((level, index) => {
    const time = new Date(start + index * step * HOUR).toISOString().slice(0, 16)
    return `${time}Z,${station},${(level + lift).toFixed(3)}`
  })
  return `time,station,level_m\n${rows.join('\n')}\n`
}
