import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { blocksOf } from '../../tools/lib/markdown.ts'
import type { PackedPackage } from '../../tools/lib/pack.ts'
import { type Program, startProgram } from './program.ts'

/** What stands here for what a guide takes from the world. */
export interface Setting {
  /** An empty folder. */
  readonly folder: string
  readonly packed: readonly PackedPackage[]
  readonly appPort: number
  readonly emulatorPort: number
}

const patience = 240_000

/**
 * Does what a guide says, in its order: writes its files, runs its commands and starts its servers, as far as the block that
 * starts the application.
 *
 * @returns the servers, which go on
 * @throws Error with the words of the command that failed
 */
export async function followGuide(
  page: string,
  { folder, packed, appPort, emulatorPort }: Setting,
): Promise<Program[]> {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, npm_config_prefer_offline: 'true', PORT: `${appPort}` }
  const adapt = (code: string): string =>
    withTarballs(code.replaceAll('8889', `${emulatorPort}`).replaceAll('5000', `${appPort}`), packed)
  const programs: Program[] = []
  let cwd = folder
  for (const { language, info, code } of blocksOf(page)) {
    const title = /^title="([\w.-]+)"$/.exec(info)?.[1]
    if (title !== undefined) writeFileSync(join(cwd, title), code)
    else if (language === 'sh' && info === 'server') {
      const command = adapt(code).trim()
      const isApp = command === 'npm start'
      programs.push(await startProgram(command, { cwd, env, ready: `:${isApp ? appPort : emulatorPort}` }))
      if (isApp) return programs
    } else if (language === 'sh') cwd = runCommands(adapt(code), cwd, env)
  }
  throw new Error('The guide never starts its application.')
}

/** Runs commands as a person types them. @returns the folder that they end in */
function runCommands(commands: string, cwd: string, env: NodeJS.ProcessEnv): string {
  const script = `${commands}\npwd > .where`
  const { status, stdout, stderr } = spawnSync('sh', ['-eu', '-c', script], {
    cwd,
    env,
    encoding: 'utf8',
    timeout: patience,
  })
  if (status !== 0) throw new Error(`${commands}\n${stdout}${stderr}`)
  const changed = /^cd (\S+)$/m.exec(commands)?.[1] ?? '.'
  return readFileSync(join(cwd, changed, '.where'), 'utf8').trim()
}

/** The packages as they will be published, in place of those that the registry may have. */
function withTarballs(code: string, packed: readonly PackedPackage[]): string {
  const installs = /^npm install .*$/gm
  return code.replaceAll(installs, (line) =>
    line
      .split(' ')
      .map((word) => packed.find(({ manifest }) => manifest.name === word)?.tarball ?? word)
      .join(' '),
  )
}
