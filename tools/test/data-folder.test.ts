import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openDataFolder, sessionSecret } from '../lib/data-folder.ts'
import { makeTree } from './tree.ts'

/** A folder of an earlier start, with data in it. */
function usedFolder(): string {
  const path = join(makeTree(), 'data')
  openDataFolder(path, false).release()
  writeFileSync(join(path, 'sessions.db'), 'precious')
  return path
}

function modeOf(path: string): number {
  return statSync(path).mode & 0o777
}

test('makes a folder that only its owner can open', () => {
  const path = join(makeTree(), 'a', 'data')
  expect(openDataFolder(path, false)).toMatchObject({ path, otherUser: undefined })
  expect(modeOf(path)).toBe(0o700)
})

test.runIf(process.platform === 'linux')('says so where no folder can be made', () => {
  expect(() => openDataFolder('/proc/nowhere/data', false)).toThrow('Name another folder with PIERHEAD_DATA.')
})

test('closes an empty folder that was open to others', () => {
  const path = join(makeTree(), 'data')
  mkdirSync(path, { mode: 0o755 })
  openDataFolder(path, false)
  expect(modeOf(path)).toBe(0o700)
})

test('keeps the data of an earlier start', () => {
  const path = usedFolder()
  openDataFolder(path, false)
  expect(readFileSync(join(path, 'sessions.db'), 'utf8')).toBe('precious')
})

test('forgets the data when asked to', () => {
  const path = usedFolder()
  openDataFolder(path, true)
  expect(existsSync(join(path, 'sessions.db'))).toBe(false)
  expect(modeOf(path)).toBe(0o700)
})

test.each([true, false])('never touches a folder with files of others (fresh: %s)', (fresh) => {
  const path = makeTree({ 'thesis.txt': 'years of work' })
  expect(() => openDataFolder(path, fresh)).toThrow(`${path} holds files that npm start did not make.`)
  expect(readdirSync(path)).toEqual(['thesis.txt'])
})

test('forgets the data behind a link, and keeps the link useful', () => {
  const path = usedFolder()
  const link = join(makeTree(), 'link')
  symlinkSync(path, link)
  mkdirSync(join(path, 'emulator'))
  expect(() => openDataFolder(link, true)).not.toThrow()
  expect(existsSync(join(path, 'sessions.db'))).toBe(false)
  expect(modeOf(link)).toBe(0o700)
})

test('takes another folder while the wanted one is in use, and says by whom', () => {
  const path = usedFolder()
  const user = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  onTestFinished(() => void user.kill())
  writeFileSync(join(path, 'running.pid'), String(user.pid))
  expect(openDataFolder(path, true)).toMatchObject({ path: `${path}-2`, otherUser: user.pid })
  expect(readFileSync(join(path, 'sessions.db'), 'utf8')).toBe('precious')
})

test.each(['4194305', 'not a number', '-1', ''])('takes over from a process that is gone (%j)', (pid) => {
  const path = usedFolder()
  writeFileSync(join(path, 'running.pid'), pid)
  expect(openDataFolder(path, false)).toMatchObject({ path, otherUser: undefined })
})

test('makes one session secret and keeps it to its owner', () => {
  const path = usedFolder()
  const secret = sessionSecret(path)
  expect(Buffer.from(secret, 'base64url')).toHaveLength(32)
  expect(sessionSecret(path)).toBe(secret)
  expect(modeOf(join(path, 'session-secret'))).toBe(0o600)
  openDataFolder(path, true)
  expect(sessionSecret(path)).not.toBe(secret)
})
