// `npm start`: the emulator and the portal, until Ctrl-C.
import { setTimeout as delay } from 'node:timers/promises'
import { root } from '../lib/root.ts'
import { Stack } from '../lib/stack.ts'
import { describeStart, readStartOptions } from '../lib/start-options.ts'

let stack: Stack | undefined
let ending = false

async function end(code: number): Promise<void> {
  if (ending) return
  ending = true
  await stack?.stop()
  process.exit(code)
}

async function onCrash(reason: string): Promise<void> {
  // Ctrl-C reaches every process of the terminal at once: a server may be gone before this one has heard of it.
  await delay(100)
  if (ending) return
  console.error(`${reason} Its last lines above say why; everything is stopped.`)
  await end(1)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0))

try {
  const options = readStartOptions(process.argv.slice(2), root)
  const { fresh, settings } = options
  stack = await Stack.start({ root, settings, fresh, env: process.env, onCrash: (reason) => void onCrash(reason) })
  console.log(describeStart(stack, options))
} catch (error) {
  if (!ending) console.error(error instanceof Error ? error.message : error)
  await end(1)
}
