import { parseArgs } from 'node:util'
import { exportSeed } from './seed/export-seed.ts'
import { DEFAULT_DATA } from './running-emulator.ts'
import { openWorld } from './world.ts'

const worldUsage = `pierhead-emulator world export: prints a seed file that makes the same world again, for --seed

  --data DIR             the emulator's data (default ${DEFAULT_DATA}); it may be running
  --with-secrets         write passwords and client secrets too; without it they are made anew

Logins, tokens, consents, tasks, bookmarks, mails and files are no part of a seed.
`

/** `world export …`: gives what to print. @throws TypeError naming the option that is wrong */
export function runWorld(args: readonly string[]): string {
  const [command, ...rest] = args
  if (command === undefined || command === '--help' || rest.includes('--help')) return worldUsage
  if (command !== 'export') throw new TypeError(`There is no command world ${command}; there is world export`)
  const options = { data: { type: 'string' }, 'with-secrets': { type: 'boolean', default: false } } as const
  const { values } = parseArgs({ args: rest, strict: true, options })
  const world = openWorld(values.data ?? DEFAULT_DATA)
  try {
    return `${JSON.stringify(exportSeed(world, { secrets: values['with-secrets'] }), null, 2)}\n`
  } finally {
    world.close()
  }
}
