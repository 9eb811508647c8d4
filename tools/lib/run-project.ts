import type { CapabilityName } from './capability.ts'
import { installCapabilities } from './install-capabilities.ts'
import { root } from './root.ts'
import { runVitest } from './vitest.ts'

/** One of vitest's projects as a script of its own. */
export interface ProjectRun {
  readonly project: string
  /** What the machine must have for it. */
  readonly needs: readonly CapabilityName[]
  /** For vitest. */
  readonly args: readonly string[]
  /** What the tests read beside the environment of this process. */
  readonly env?: NodeJS.ProcessEnv
}

/** Installs what is missing, runs the project, and sets the exit code: with CI=true whatever is skipped fails the run. */
export async function runProject({ project, needs, args, env }: ProjectRun): Promise<void> {
  const strict = process.env['CI'] === 'true'
  const untested = installCapabilities(process.env, needs)
  const { code, skipped } = await runVitest(['--project', project, ...args], {
    cwd: root,
    env: { ...process.env, PIERHEAD_REQUIRE: strict ? '1' : '', ...env },
  })
  for (const line of untested) console.log(line)
  process.exitCode = code !== 0 || (strict && (skipped > 0 || untested.length > 0)) ? 1 : 0
}

/** The arguments of this process without a flag of the script's own, and whether it was there. */
export function takeFlag(flag: string): { readonly given: boolean; readonly rest: readonly string[] } {
  const wanted = process.argv.slice(2)
  return { given: wanted.includes(flag), rest: wanted.filter((argument) => argument !== flag) }
}
