// `npm run test:kill -- --rounds N`: kills the emulator N times (default 25) while it copies and deletes, and checks after
// each that no file is half written, no task lost and every task finished.
import { parseArgs } from 'node:util'
import { root } from '../lib/root.ts'
import { runVitest } from '../lib/vitest.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '25' } } })
if (/^[1-9]\d{0,4}$/.test(values.rounds)) {
  const env = { ...process.env, PIERHEAD_KILL_ROUNDS: values.rounds }
  const { code } = await runVitest(['--project', 'emulator', 'test/kill/'], { cwd: root, env })
  process.exitCode = code
} else {
  console.error(`--rounds must be a number from 1 to 99999, not ${values.rounds}`)
  process.exitCode = 2
}
