// `npm run test:fuzz`: input of any shape to the emulator, 100,000 cases of each family. `-- --short`: 5,000, for CI.
import { root } from '../lib/root.ts'
import { runVitest } from '../lib/vitest.ts'

const wanted = process.argv.slice(2)
const cases = wanted.includes('--short') ? '5000' : '100000'
const rest = wanted.filter((argument) => argument !== '--short')
const { code } = await runVitest(['--project', 'emulator', 'test/bad-input', ...rest], {
  cwd: root,
  env: { ...process.env, PIERHEAD_FUZZ_CASES: cases },
})
process.exitCode = code
