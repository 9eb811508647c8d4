import { setFlagsFromString } from 'node:v8'
import { ConfigurationError, readConfig, sdkEnvironment, type PortalConfig } from './config.ts'
import { createLog } from './log.ts'
import { createPortal, type Portal } from './portal.ts'
import { listen } from './server.ts'
import { openSharedStore } from './shared-store.ts'
import { tellOfStore } from './tell-of-store.ts'

try {
  await run()
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error
  console.error(error.message)
  process.exitCode = 1
}

/** A portal on the store that the settings name. */
async function openPortal(config: PortalConfig): Promise<Portal> {
  const { sessionStoreUrl: url } = config
  if (url === undefined) return createPortal(config)
  const { logger } = createLog()
  const store = await openSharedStore(url, { onError: tellOfStore(url, (fields, text) => logger.warn(fields, text)) })
  try {
    return createPortal(config, { store })
  } catch (error) {
    await store.close()
    throw error
  }
}

/**
 * Files pass in buffers outside of the heap. By default V8 collects the whole heap after each 64 MB of them, which costs more
 * than to pass them on; so it counts them with the heap. Versions before 14 do not know the flag.
 */
function countBuffersWithHeap(): void {
  const [major = ''] = process.versions.v8.split('.')
  if (Number(major) >= 14) setFlagsFromString('--external-memory-accounted-in-global-limit')
}

async function run(): Promise<void> {
  countBuffersWithHeap()
  const config = readConfig(process.env)
  for (const [name, value] of Object.entries(sdkEnvironment(config))) process.env[name] = value
  const portal = await openPortal(config)
  const listening = await listen(portal.app, config).catch(async (error: unknown) => {
    await portal.close()
    throw error
  })
  const stop = async () => {
    portal.drain()
    await listening.close()
    await portal.close()
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop())
  // Whoever waits for this line may ask the program to end at once.
  console.log(`portal ready http://localhost:${config.port}`)
}
