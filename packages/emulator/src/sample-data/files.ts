import { demo } from '../demo.ts'
import { stationMap, tidePicture } from './pictures.ts'
import { recordFiles } from './records.ts'
import { stations, tideTable } from './tides.ts'

/** A file to be made: its path, and its content, or its length when it has holes. */
export interface SampleFile {
  readonly path: string
  readonly content: string | Buffer | { readonly header: string; readonly length: number }
}

const file = (path: string, content: SampleFile['content']): SampleFile => ({ path, content })

const fileName = (name: string): string => name.toLowerCase().replaceAll(' ', '-')

const tables = (days: number): SampleFile[] =>
  stations.map((station) => file(`stations/${fileName(station.name)}.csv`, tideTable(station, days)))

/** Long files of which only the beginning is on disk: 100 MB that take no room. */
const surveys = (): SampleFile[] =>
  [1, 2, 3, 4].map((leg) =>
    file(`survey-2026/leg-${leg}.raw`, { header: `Echo sounder, leg ${leg} of 4\n`, length: 25_000_000 }),
  )

const archive = (): SampleFile[] => [
  file(
    'README.md',
    '# Tidal Survey Archive\n\nHourly levels of twelve made-up tide gauges, maps, and the raw survey of 2026.\n',
  ),
  ...tables(60),
  file('maps/stations.svg', stationMap()),
  file('maps/levels.png', tidePicture()),
  file('photos/gauge.png', tidePicture(320)),
  file('photos/harbour.png', tidePicture(160)),
  ...surveys(),
]

const release = (): SampleFile[] => [
  file(
    'README.md',
    '# Tidal Survey, Public Release\n\nThe first month of all stations, and in folders by number the quarters of the survey before.\n',
  ),
  file('LICENCE.txt', 'CC0 1.0: made-up data, free for any use.\n'),
  file(
    'CITATION.cff',
    'cff-version: 1.2.0\ntitle: Tidal Survey, Public Release\nversion: 1.0.0\nmessage: Made-up data\n',
  ),
  ...tables(31),
  ...recordFiles(demo.collections.tidalSurveyPublic),
  file('maps/stations.svg', stationMap()),
]

const workspace = (): SampleFile[] => [
  file('README.md', '# Tide Crew Workspace\n\nResults, and in `drafts` what is not released yet.\n'),
  file('results/extremes.csv', 'station,highest_m\nAlder Point,1.204\n'),
  file('results/figure-1.svg', stationMap()),
  file('drafts/unreleased.csv', tideTable(stations[0] ?? { name: 'none', latitude: 0, longitude: 0, range: 1 }, 7)),
  ...recordFiles(demo.collections.tideCrewWorkspace),
]

const hospital = (): SampleFile[] => [
  file('README.txt', 'Imaging studies. All of it is made up.\n'),
  ...[1, 2, 3].flatMap((study) => [
    file(`study-00${study}/report.txt`, `Study ${study}: nothing found, because nobody was examined.\n`),
    file(`study-00${study}/slice-01.png`, tidePicture(64)),
  ]),
]

const odd = (): SampleFile[] =>
  [
    'two words.txt',
    "it's.txt",
    '"quoted".txt',
    'new\nline.txt',
    'smörgåsbord.txt',
    'caf\u00e9.txt',
    'cafe\u0301.txt',
    '50%.txt',
    'a#b?c&d.txt',
    '-rf',
    '~',
    '<b>bold<b>.txt',
    'x'.repeat(255),
  ].map((name) => file(name, `${name}\n`))

const buoys = (): SampleFile[] => [
  ...Array.from({ length: 5000 }, (_, index) => {
    const number = String(index + 1).padStart(4, '0')
    return file(
      `buoys/${number.slice(0, 2)}/buoy-${number}.json`,
      `{"buoy":${index + 1},"battery":${(index * 37) % 100}}\n`,
    )
  }),
  file(
    `deep/${Array.from({ length: 40 }, (_, level) => `level-${level + 1}`).join('/')}/bottom.txt`,
    'You found it.\n',
  ),
]

const tutorial = (): SampleFile[] =>
  ['one', 'two', 'three'].map((word, index) => file(`home/share/godata/file${index + 1}.txt`, `${word}\n`))

const microscope = (): SampleFile[] =>
  [1, 2, 3].map((frame) => file(`run-17/frame-${frame}.png`, tidePicture(100 + frame * 20)))

/** What lies in each folder of the demo world. Made by calculation: every start has the same bytes. */
export const sampleFolders: Readonly<Record<string, () => SampleFile[]>> = {
  'tidal-survey-archive': archive,
  'tidal-survey-public': release,
  'tide-crew-workspace': workspace,
  'campus-cluster-scratch': () => [file('README.txt', 'Scratch: nothing here is kept for long.\n')],
  'mayas-laptop': () => [file('notes/todo.txt', 'Share the results with Sam.\n')],
  'hospital-imaging': hospital,
  'quota-corner': () => [file('README.txt', 'There is room for 20 MB.\n')],
  'microscope-3': microscope,
  'odd-names': odd,
  'ten-thousand-buoys': buoys,
  'globus-tutorial-1': tutorial,
  'globus-tutorial-2': tutorial,
}
