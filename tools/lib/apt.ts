import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Why nothing can be installed by apt; undefined as root on Debian, unless PIERHEAD_INSTALL=no. */
export function obstacleToInstalling(env: NodeJS.ProcessEnv): string | undefined {
  if (env.PIERHEAD_INSTALL === 'no') return 'PIERHEAD_INSTALL=no'
  if (!existsSync('/etc/debian_version')) return 'this is not Debian'
  return process.getuid?.() === 0 ? undefined : 'not running as root'
}

/** Installs Debian packages; whether they are there afterwards, the caller looks for itself. */
export function installPackages(packages: readonly string[]): void {
  const get = (...args: string[]) =>
    spawnSync('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=300', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  get('update')
  get('install', '-y', '--no-install-recommends', ...packages)
}
