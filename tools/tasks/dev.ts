// `npm run dev`: like `npm start`, and whatever a changed source belongs to is started anew.
import { watch } from 'node:fs'
import { join } from 'node:path'
import { root } from '../lib/root.ts'
import { Stack } from '../lib/stack.ts'
import { describeStart, readStartOptions } from '../lib/start-options.ts'

const sources = ['packages/emulator/src', 'packages/pierhead/src', 'apps/portal/src'] as const
/** Editors write a file in several steps. */
const settleTime = 100

try {
  const options = readStartOptions(process.argv.slice(2), root)
  const { fresh, settings } = options
  const onCrash = (reason: string) => console.error(`${reason} It starts anew at the next change.`)
  const stack = await Stack.start({ root, settings, fresh, env: process.env, onCrash })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => void stack.stop().then(() => process.exit(0)))
  restartOnChange(stack)
  console.log(describeStart(stack, options))
} catch (error) {
  console.error(messageOf(error))
  process.exit(1)
}

function restartOnChange(stack: Stack): void {
  const changed = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let work = Promise.resolve()
  const restart = async (): Promise<void> => {
    const names = [...changed].join(', ')
    const which = changed.has('packages/emulator/src') ? 'both' : 'portal'
    changed.clear()
    await stack.restart(which)
    console.log(`${new Date().toLocaleTimeString()} started anew after a change in ${names}`)
  }
  const queue = () => {
    // One restart at a time, and a failed one (a slip in the source) waits for the next change.
    work = work.then(restart).catch((error: unknown) => console.error(messageOf(error)))
  }
  for (const folder of sources)
    watch(join(root, folder), { recursive: true }, () => {
      changed.add(folder)
      clearTimeout(timer)
      timer = setTimeout(queue, settleTime)
    })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
