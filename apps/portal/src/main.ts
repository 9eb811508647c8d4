import { ConfigurationError, readConfig, sdkEnvironment } from './config.ts'
import { createPortal } from './portal.ts'
import { listen } from './server.ts'

try {
  await run()
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error
  console.error(error.message)
  process.exitCode = 1
}

async function run(): Promise<void> {
  const config = readConfig(process.env)
  for (const [name, value] of Object.entries(sdkEnvironment(config))) process.env[name] = value
  const portal = createPortal(config)
  const listening = await listen(portal.app, config).catch(async (error: unknown) => {
    await portal.close()
    throw error
  })
  const stop = async () => {
    await listening.close()
    await portal.close()
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop())
  // Whoever waits for this line may ask the program to end at once.
  console.log(`portal ready http://localhost:${config.port}`)
}
