import { expect, it } from 'vitest'
import type { TaskView } from '../src/transfers/task-view.ts'
import { toText } from '../src/views/html.ts'
import { taskEvents, taskProgress, taskRow } from '../src/views/transfers/task-parts.ts'
import { linksOf, textOf } from './support/visitor.ts'

const source = { id: '5e2f8a40-9b1c-4d3e-8a00-0c4b7d6e4011', name: 'Microscope 3', path: undefined }
const destination = { id: '5e2f8a40-9b1c-4d3e-8a00-0c4b7d6e4006', name: undefined, path: undefined }
const task: TaskView = {
  id: 'c1d2e340-8a11-11f0-9c3e-0242ac120004',
  kind: 'transfer',
  state: 'active',
  label: '<b>Frames</b>',
  source,
  destination,
  files: 1,
  filesDone: 0,
  filesSkipped: 0,
  bytes: 0,
  rate: 0,
  faults: 4,
  progress: 0,
  trouble: { code: 'QUOTA_EXCEEDED', description: 'quota exceeded' },
  requestedAt: 0,
  completedAt: undefined,
}

it('a transfer that cannot go on says why in words that help, in the list and on its page', () => {
  expect(textOf(toText(taskRow(task)))).toContain('Your share of the storage is full where the files go. Make room')
  expect(textOf(toText(taskProgress(task)))).toMatch(
    /Your share of the storage is full.* QUOTA_EXCEEDED Files: 0 of 1 file /,
  )
})

it.each([
  ['IS_A_FILE', 'is a file', 'Is a file'],
  ['SOMETHING_NEW', '', 'SOMETHING_NEW'],
  ['gc_not_connected', 'GC not connected', 'One of the computers is off'],
])('what Transfer calls %s is said too', (code, description, words) => {
  expect(textOf(toText(taskRow({ ...task, trouble: { code, description } })))).toContain(words)
})

it('a transfer that waits for its person leads to the collections, where the consent is asked for', () => {
  const page = toText(taskProgress({ ...task, state: 'inactive' }))
  expect(linksOf(page)[0]).toEqual({ name: 'Open Microscope 3 and allow it', href: `/collections/${source.id}/files` })
  expect(page).toContain('Open a collection that you cannot see and allow it')
  expect(toText(taskProgress(task))).not.toContain('allow it')
})

it('events are said once, with a code only where it says more', () => {
  const event = { time: 0, isError: true, details: '' }
  const texts = [
    { ...event, code: 'GC_NOT_CONNECTED', description: 'GC not connected' },
    { ...event, code: 'PROGRESS', description: 'progress' },
    { ...event, code: 'UNKNOWN', description: 'something else' },
  ].map((one) => textOf(toText(taskEvents([one]))))
  expect(texts).toEqual([
    'GC not connected 1 Jan 1970, 00:00 UTC',
    'Progress 1 Jan 1970, 00:00 UTC',
    'Something else UNKNOWN 1 Jan 1970, 00:00 UTC',
  ])
})
