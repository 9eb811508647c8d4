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

async function run(): Promise<void> {
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
