import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Settings, parseSettings } from './settings.ts'
import type { Stack } from './stack.ts'
import { welcomeText } from './welcome.ts'

/** What the command line and the environment ask of a start. */
export interface StartOptions {
  readonly settings: Settings
  readonly fresh: boolean
  readonly showPasswords: boolean
}

/**
 * Reads the arguments, `.env` (which never overrides the environment) and the environment.
 * @throws TypeError naming what is wrong and the remedy
 */
export function readStartOptions(args: readonly string[], root: string): StartOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { fresh: { type: 'boolean', default: false }, 'show-passwords': { type: 'boolean', default: false } },
  })
  const file = join(root, '.env')
  if (existsSync(file)) process.loadEnvFile(file)
  return { settings: parseSettings(process.env, root), fresh: values.fresh, showPasswords: values['show-passwords'] }
}

/** The welcome for a running stack. */
export function describeStart(stack: Stack, { settings, showPasswords }: StartOptions): string {
  return welcomeText({
    portalUrl: stack.portalUrl,
    info: stack.info,
    globus: settings.globus?.kind ?? 'emulator',
    showPasswords,
    remarks: remarks(stack, settings),
  })
}

function remarks(stack: Stack, settings: Settings): string[] {
  const { emulatorPort, port } = stack
  const said: string[] = []
  if (port !== settings.port)
    said.push(
      `Port ${settings.port} is busy: the portal uses ${port}, and the emulator knows ${stack.portalUrl}/login.`,
    )
  if (settings.globus === undefined && emulatorPort !== settings.emulatorPort)
    said.push(`Port ${settings.emulatorPort} is busy: the emulator uses ${emulatorPort}.`)
  if (stack.data.otherUser !== undefined)
    said.push(
      `${settings.data} is in use by process ${stack.data.otherUser}: this start keeps its data in ${stack.data.path}.`,
    )
  return said
}
