import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { installPackages, obstacleToInstalling } from '../../tools/lib/apt.ts'
import { capabilities, capability } from '../../tools/lib/capability.ts'
import { root } from '../../tools/lib/root.ts'
import type { Judge } from './judges.ts'

/** The interpreters of the judges, and why some are missing. */
export interface Runtimes {
  readonly paths: ReadonlyMap<Judge['runtime'], string>
  readonly reasons: readonly string[]
}

const requirements = join(import.meta.dirname, 'python/requirements.txt')
const debianPython = '/usr/bin/python3'

/** Prepares what the judges run on. Packages come from PyPI and, as root on Debian, by apt; PIERHEAD_INSTALL=no forbids both. */
export function runtimes(wanted: ReadonlySet<Judge['runtime']>): Runtimes {
  const paths = new Map<Judge['runtime'], string>()
  const reasons: string[] = []
  for (const name of wanted) {
    const result = prepare[name]()
    if ('path' in result) paths.set(name, result.path)
    else reasons.push(`Skipped: the clients that need ${name}, because ${result.reason}.`)
  }
  return { paths, reasons }
}

const prepare: Readonly<Record<Judge['runtime'], () => Prepared>> = {
  node: () => ({ path: process.execPath }),
  venv: prepareVenv,
  debian: () =>
    prepareDebian(['python3-social-auth-core', 'python3-jose'], {
      path: debianPython,
      isThere: () => runs(debianPython, ['-c', 'import social_core, requests, jose']),
    }),
  chromium: () => {
    const isThere = (): boolean => capability('browser', { ...process.env, PIERHEAD_REQUIRE: '' }).available
    return prepareDebian(capabilities.browser.packages, { path: process.execPath, isThere })
  },
  apache: () =>
    prepareDebian(['apache2-bin', 'libapache2-mod-auth-openidc'], {
      path: process.execPath,
      isThere: () =>
        ['/usr/sbin/apache2', '/usr/lib/apache2/modules/mod_auth_openidc.so'].every((file) => existsSync(file)),
    }),
}

type Prepared = { readonly path: string } | { readonly reason: string }

function prepareVenv(): Prepared {
  const python = process.env.PYTHON ?? 'python3'
  const version = spawnSync(python, ['-c', 'import sys; print(*sys.version_info[:3], sep=".")'], { encoding: 'utf8' })
  if (version.status !== 0) return { reason: `there is no ${python}` }
  const folder = join(root, '.pierhead-clients')
  const path = join(folder, 'bin/python')
  const stamp = join(folder, '.installed')
  const wanted = createHash('sha256').update(version.stdout).update(readFileSync(requirements)).digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return { path }
  if (process.env.PIERHEAD_INSTALL === 'no') return { reason: 'PIERHEAD_INSTALL=no' }
  console.log('Installing the Python clients from PyPI (once) …')
  rmSync(folder, { recursive: true, force: true })
  if (!makeVenv(python, folder)) return { reason: `${python} -m venv failed (on Debian it needs python3-venv)` }
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--require-hashes', '-r', requirements]
  if (!run(path, pip)) return { reason: 'pip could not install them; its own words are above' }
  writeFileSync(stamp, wanted)
  return { path }
}

function makeVenv(python: string, folder: string): boolean {
  if (run(python, ['-m', 'venv', folder])) return true
  if (obstacleToInstalling(process.env) !== undefined) return false
  installPackages(['python3-venv'])
  rmSync(folder, { recursive: true, force: true })
  return run(python, ['-m', 'venv', folder])
}

interface Wanted {
  /** What runs the judge. */
  readonly path: string
  readonly isThere: () => boolean
}

function prepareDebian(packages: readonly string[], { path, isThere }: Wanted): Prepared {
  if (isThere()) return { path }
  const obstacle = obstacleToInstalling(process.env)
  if (obstacle !== undefined) return { reason: `${packages.join(' and ')} are missing (${obstacle})` }
  installPackages(packages)
  return isThere() ? { path } : { reason: `apt-get could not install ${packages.join(' and ')}` }
}

const runs = (program: string, args: readonly string[]): boolean =>
  existsSync(program) && spawnSync(program, args, { stdio: 'ignore' }).status === 0

const run = (program: string, args: readonly string[]): boolean =>
  spawnSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0
