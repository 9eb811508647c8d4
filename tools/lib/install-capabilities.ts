import { installPackages, obstacleToInstalling } from './apt.ts'
import { type CapabilityName, capabilities, capability } from './capability.ts'

/** What `npm test` needs. */
const usual: readonly CapabilityName[] = ['browser', 'redis', 'postgres']

/**
 * Installs what tests need and the machine can get: by apt, as root on Debian, unless PIERHEAD_INSTALL=no.
 * @returns a line for each capability that stays missing: what goes untested, and why
 */
export function installCapabilities(env: NodeJS.ProcessEnv, wanted: readonly CapabilityName[] = usual): string[] {
  const missing = namesOfMissing(env, wanted)
  if (missing.length === 0) return []
  const obstacle = obstacleToInstalling(env)
  if (obstacle === undefined) install(missing)
  return namesOfMissing(env, wanted).map((name) => {
    const { packages, purpose } = capabilities[name]
    const reason = obstacle ?? 'apt-get could not install it; its own words are above'
    return `Skipped: ${purpose}, because there is no ${name} (${reason}). It comes with: apt-get install ${packages.join(' ')}`
  })
}

function namesOfMissing(env: NodeJS.ProcessEnv, wanted: readonly CapabilityName[]): CapabilityName[] {
  return wanted.filter((name) => !capability(name, { ...env, PIERHEAD_REQUIRE: '' }).available)
}

function install(names: readonly CapabilityName[]): void {
  const packages = names.flatMap((name) => [...capabilities[name].packages])
  console.log(`Installing ${packages.join(', ')} by apt for ${names.join(', ')} …`)
  installPackages(packages)
}
