import { expect, it } from 'vitest'
import { demo } from '../../src/demo.ts'
import { sampleFolders } from '../../src/sample-data/files.ts'
import { demoEntries } from '../../src/search/demo-index.ts'

const files = new Map<string, unknown>(
  [
    ['tidal-survey-public', demo.collections.tidalSurveyPublic],
    ['tide-crew-workspace', demo.collections.tideCrewWorkspace],
  ].flatMap(([name = '', id = '']) =>
    (sampleFolders[name]?.() ?? []).map(({ content, path }) => [`globus://${id}/${path}`, content] as const),
  ),
)

it('every record of the demo index leads to a file that holds what it says', () => {
  expect(demoEntries).toHaveLength(240)
  for (const { content, subject } of demoEntries) {
    const [head, ...rows] = String(files.get(subject)).trimEnd().split('\n')
    const levels = rows.map((row) => Number(row.split(',')[2]))
    expect([subject, head]).toEqual([subject, 'time,station,level_m'])
    expect(content).toMatchObject({ samples: rows.length, highest_level_m: Math.max(...levels) })
    expect(content).toMatchObject({ date: rows[0]?.slice(0, 10) })
  }
})

it('what is not released lies where the public cannot read', () => {
  const hidden = demoEntries.filter(({ visibleTo }) => !visibleTo.includes('public'))
  expect(hidden).toHaveLength(12)
  for (const { subject } of hidden) expect(subject).toContain(demo.collections.tideCrewWorkspace)
})
