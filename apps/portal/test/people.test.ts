import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openPeople } from '../src/operator/people.ts'

/** A program that holds a database for a moment, as one that is just being set up is. */
const holder = `
  const { DatabaseSync } = require('node:sqlite')
  const database = new DatabaseSync(process.argv[1])
  database.exec('BEGIN EXCLUSIVE')
  process.stdout.write('held')
  setTimeout(() => database.exec('COMMIT'), 300)
`

it('the list of people is opened after another portal on this machine, which starts at the same time', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pierhead-people-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, 'portal'))
  const other = spawn(process.execPath, ['-e', holder, join(folder, 'portal', 'people.db')])
  await once(other.stdout, 'data')
  const people = openPeople(folder, () => 0)
  // All that it reads of the claims.
  people.note({ sub: 'a', preferred_username: 'maya@harbour.example' } as Parameters<typeof people.note>[0])
  expect(people.list(5)).toEqual([{ subject: 'a', username: 'maya@harbour.example', seenAt: 0 }])
  people.close()
  expect((await once(other, 'exit'))[0]).toBe(0)
})
