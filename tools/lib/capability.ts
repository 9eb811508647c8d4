import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

interface Source {
  /** Environment variable that may name the program, by its path. */
  readonly variable: string
  /** Names to look for in PATH. */
  readonly programs: readonly string[]
  /** Debian packages that bring it. */
  readonly packages: readonly string[]
  /** What goes untested without it. */
  readonly purpose: string
}

/** Programs outside npm that tests use. The commands that need them install them where they may. */
export const capabilities = {
  browser: {
    variable: 'CHROMIUM_PATH',
    programs: ['chromium', 'chromium-browser', 'google-chrome'],
    packages: ['chromium', 'fonts-dejavu-core'],
    purpose: 'tests in a real browser',
  },
  redis: {
    variable: 'REDIS_SERVER_PATH',
    programs: ['redis-server'],
    packages: ['redis-server'],
    purpose: 'the Redis session store against a real server',
  },
  postgres: {
    variable: 'POSTGRES_PATH',
    // Debian keeps the servers out of PATH, one folder for each version.
    programs: ['postgres', ...[18, 17, 16, 15].map((version) => `/usr/lib/postgresql/${version}/bin/postgres`)],
    packages: ['postgresql'],
    purpose: 'the Postgres session store against a real server',
  },
  apache: {
    variable: 'APACHE_PATH',
    programs: ['apache2', '/usr/sbin/apache2'],
    packages: ['apache2-bin'],
    purpose: 'the login behind Apache',
  },
  nginx: {
    variable: 'NGINX_PATH',
    programs: ['nginx', '/usr/sbin/nginx'],
    packages: ['nginx-light'],
    purpose: 'the login behind nginx',
  },
  squid: {
    variable: 'SQUID_PATH',
    programs: ['squid', '/usr/sbin/squid'],
    packages: ['squid'],
    purpose: "logins through an institute's outgoing proxy",
  },
  openssl: {
    variable: 'OPENSSL_PATH',
    programs: ['openssl'],
    packages: ['openssl'],
    purpose: 'the login over https',
  },
} as const satisfies Record<string, Source>

export type CapabilityName = keyof typeof capabilities

/** The program, or the reason why there is none. */
export type Capability =
  { readonly available: true; readonly path: string } | { readonly available: false; readonly reason: string }

/**
 * Looks for a program that tests need. A test that goes without it is skipped with the reason in its name:
 * `describe.skipIf(!browser.available)(…)`. With PIERHEAD_REQUIRE=1 (`CI=true npm test`) absence throws instead.
 */
export function capability(name: CapabilityName, env: NodeJS.ProcessEnv = process.env): Capability {
  const source: Source = capabilities[name]
  const path = [env[source.variable], ...source.programs].flatMap((program) => locate(program, env)).at(0)
  if (path !== undefined) return { available: true, path }
  const reason = `no ${name}: none of ${source.programs.join(', ')} is installed and ${source.variable} is not set`
  if (env.PIERHEAD_REQUIRE === '1') throw new Error(`Skipping is not allowed here, but there is ${reason}.`)
  return { available: false, reason }
}

function locate(program: string | undefined, env: NodeJS.ProcessEnv): string[] {
  if (!program) return []
  const folders = program.startsWith('/') ? [''] : (env.PATH ?? '').split(delimiter)
  return folders.map((folder) => join(folder, program)).filter(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
