import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Block, blocksOf } from '../../tools/lib/markdown.ts'
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

/** A reader of a guide, who does all that it says, in its order. */
export interface Reader {
  /** Goes on until the guide has started the application, anew if it ran already, or ends. Throws with the words of what failed. */
  goOn(): Promise<void>
  close(): Promise<void>
}

const patience = 240_000

/** How this machine reaches the registry, as whoever started the tests is used to: proxies, authorities, npm's own settings. */
const network = Object.fromEntries(
  Object.entries(process.env).filter(([name]) =>
    /^(?:(?:https?|no|all)_proxy|node_extra_ca_certs|npm_config_(?:cafile|registry|(?:global|user)config))$/i.test(
      name,
    ),
  ),
)

export function openGuide(page: string, { folder, packed, appPort, emulatorPort }: Setting): Reader {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, npm_config_prefer_offline: 'true', PORT: `${appPort}` }
  const blocks = blocksOf(page)
  const servers = new Map<string, Program>()
  let cwd = folder

  const start = async (command: string): Promise<void> => {
    await servers.get(command)?.close()
    const ready = `:${command === 'npm start' ? appPort : emulatorPort}`
    servers.set(command, await startProgram(command, { cwd, env, ready }))
  }

  return {
    async goOn() {
      for (let block = blocks.shift(); block !== undefined; block = blocks.shift()) {
        // At once: one port may hold the digits of another.
        const code = block.code.replaceAll(/8889|5000/g, (port) => `${port === '8889' ? emulatorPort : appPort}`)
        const file = titleOf(block)
        if (block.language === 'diff') edit(join(cwd, file ?? ''), block.code)
        else if (file !== undefined) writeFileSync(join(cwd, file), block.code)
        else if (block.info === 'server') await start(code.trim())
        else if (block.language === 'sh') cwd = runCommands(withTarballs(code, packed), cwd, env)
        if (block.info === 'server' && code.trim() === 'npm start') return
      }
    },
    async close() {
      for (const server of [...servers.values()].toReversed()) await server.close()
    },
  }
}

/** The file that a block is, or changes. */
export function titleOf({ info }: Block): string | undefined {
  return /^title="([\w.-]+)"$/.exec(info)?.[1]
}

/** Makes the changes that a guide shows, `@@` between those of different places. */
function edit(file: string, change: string): void {
  let text = readFileSync(file, 'utf8')
  for (const place of change.trimEnd().split(/^@@\n/m)) {
    const lines = place.trimEnd().split('\n')
    const without = (sign: string): string =>
      lines.flatMap((line) => (line.startsWith(sign) ? [] : [line.slice(1)])).join('\n')
    if (!text.includes(without('+'))) throw new Error(`${file} has no such lines:\n${without('+')}`)
    text = text.replace(without('+'), () => without('-'))
  }
  writeFileSync(file, text)
}

/** Runs commands as a person types them. @returns the folder that they end in */
function runCommands(commands: string, cwd: string, env: NodeJS.ProcessEnv): string {
  const script = `${commands}\npwd > .where`
  const options = { cwd, env: { ...network, ...env }, encoding: 'utf8', timeout: patience } as const
  const { status, stdout, stderr } = spawnSync('sh', ['-eu', '-c', script], options)
  if (status !== 0) throw new Error(`${commands}\n${stdout}${stderr}`)
  const changed = /^cd (\S+)$/m.exec(commands)?.[1] ?? '.'
  return readFileSync(join(cwd, changed, '.where'), 'utf8').trim()
}

/** The packages as they will be published, in place of those that the registry may have. */
function withTarballs(code: string, packed: readonly PackedPackage[]): string {
  return code.replaceAll(/^npm install .*$/gm, (line) =>
    line
      .split(' ')
      .map((word) => packed.find(({ manifest }) => manifest.name === word)?.tarball ?? word)
      .join(' '),
  )
}
