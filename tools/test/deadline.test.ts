import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { endProgram, within } from '../lib/deadline.ts'

test('what ends in time gives its result, or its own error', async () => {
  expect(await within('Counting', Promise.resolve(3))).toBe(3)
  await expect(within('Counting', Promise.reject(new RangeError('too far')))).rejects.toThrow(RangeError)
})

test('what hangs is named', async () => {
  await expect(within('Closing the page', new Promise(() => undefined), 20)).rejects.toThrow(
    'Closing the page has not ended after 20 ms.',
  )
})

test('a program that ends when it is told to has ended in order, also one that stands still', async () => {
  const child = spawn(process.execPath, ['-e', "console.log('up'); setInterval(() => {}, 1000)"])
  await once(child.stdout, 'data')
  child.kill('SIGSTOP')
  await endProgram(child)
  expect(child.signalCode).toBe('SIGTERM')
  await expect(endProgram(child)).resolves.toBeUndefined()
})

test('a program that does not end is killed, and its command told', async () => {
  const script = "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)"
  const child = spawn(process.execPath, ['-e', script])
  const ended = once(child, 'exit')
  await once(child.stdout, 'data')
  await expect(endProgram(child, 'SIGTERM', 50)).rejects.toThrow(/-e .* was sent SIGTERM and has not ended after 50 ms/)
  await ended
  expect(child.signalCode).toBe('SIGKILL')
})
