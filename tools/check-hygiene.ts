// What leaks into a repository stays there: paths of somebody's machine, addresses of somebody's package mirror,
// secrets; and a test that is skipped or focused quietly tests less.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { runAlone } from './lib/report.ts'

interface Rule {
  /** Which files it is for. Default: all. */
  readonly files?: RegExp
  readonly pattern: RegExp
  readonly reason: string
}

const tests = /(^|\/)(test|e2e)\/|\.test\.ts$/
const notTests = /^(?!.*((^|\/)(test|e2e)\/|\.test\.ts$))/

const rules: readonly Rule[] = [
  { pattern: /(?<![\w.~)}\]*-])\/(?:root|work|tmp|home\/\w+|Users\/\w+)\/[\w.]/, reason: 'a path of one machine' },
  { files: /lock\.json$/, pattern: /"resolved": "(?!file:\.)\w+:/, reason: 'a download address in a lock file' },
  { pattern: /https?:\/\/[\w.-]*(?:registry|artifactory|nexus|mirror)[\w.-]*\//i, reason: 'a package registry' },
  { pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----\s*\w/, reason: 'a private key' },
  { pattern: /\b(?:gh[pousr]_\w{36}|AKIA[0-9A-Z]{16}|xox[abp]-[\w-]{20}|npm_[A-Za-z0-9]{36})/, reason: 'a secret' },
  { files: notTests, pattern: /\beyJ[\w-]{16,}\.eyJ[\w-]{16,}\./, reason: 'a signed token' },
  {
    files: notTests,
    pattern: /(?:secret|password|passwd|api_?key|access_?token)["']?\s*[:=]\s*["'`][\w+/=-]{20,}["'`]/i,
    reason: 'what looks like a secret',
  },
  {
    files: tests,
    pattern:
      /\b(?:it|test|describe|suite|bench)(?:\.\w+)*\.(?:only|skip|todo|fails)\b|\b(?:fit|xit|fdescribe|xdescribe)\(/,
    reason: 'a focused or skipped test; a missing program is asked for with capability() and skipIf()',
  },
  {
    files: /\.(ts|mjs|js)$/,
    pattern: /\b(?:TOD[O]|FIXM[E]|XX[X])\b(?!\(#\d+\)| #\d+)/,
    reason: 'an open end without an issue',
  },
]

const largest = 1_000_000

/** Leaks, oversized files and tests that do not run. */
export function checkHygiene(root: string): string[] {
  return filesOf(root).flatMap((path) => {
    const file = join(root, path)
    const { size } = statSync(file)
    if (size > largest) return [`${path}: ${size} bytes, at most ${largest}`]
    const text = readFileSync(file, 'utf8')
    return text.includes('\0') ? [] : text.split('\n').flatMap((line, index) => checkLine(line, `${path}:${index + 1}`))
  })
}

function checkLine(line: string, at: string): string[] {
  const path = at.replace(/:\d+$/, '')
  const broken = rules.filter(({ files, pattern }) => (files === undefined || files.test(path)) && pattern.test(line))
  return broken.map(({ reason }) => `${at}: ${reason}`)
}

/** What is or would be committed; everything, where there is no git. */
function filesOf(root: string): string[] {
  const git = spawnSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  const isRepository = existsSync(join(root, '.git')) && git.status === 0
  const everything = () =>
    readdirSync(root, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'))
  const files = isRepository
    ? git.stdout.split('\0')
    : everything().filter((path) => !/(^|\/)node_modules\//.test(path))
  return files.filter((path) => path !== '' && existsSync(join(root, path)) && statSync(join(root, path)).isFile())
}

runAlone(import.meta.main, checkHygiene)
