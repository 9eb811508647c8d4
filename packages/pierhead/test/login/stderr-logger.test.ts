import { expect, it, vi } from 'vitest'
import { stderrLogger } from '../../src/lib/login/events.ts'

const nasty = ['\r\nforged: yes', '\u001b[2J', '\u009b31m', '\u007f', '\u202Eevil', '\u2028', '\u2066x', '\0']

it.each(nasty)('SEC-106 a line of the log stays one line of harmless characters: %j', (text) => {
  const lines: string[] = []
  vi.spyOn(process.stderr, 'write').mockImplementation((line) => lines.push(String(line)) > 0)
  stderrLogger({ event: 'login_failed', level: 'warn', message: `It says ${text}.`, cause: new Error(text) })
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+\n$/u)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ message: `It says ${text}.`, cause: `Error: ${text}` })
})

it('SEC-107 the log has warnings and errors only, each with its time and code', () => {
  const lines: string[] = []
  vi.spyOn(process.stderr, 'write').mockImplementation((line) => lines.push(String(line)) > 0)
  stderrLogger({ event: 'login', level: 'info', message: 'Somebody logged in.' })
  stderrLogger({ event: 'login_failed', level: 'warn', code: 'login_expired', message: 'Too late.' })
  expect(lines).toHaveLength(1)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ time: expect.any(String), code: 'login_expired' })
})
