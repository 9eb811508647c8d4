// The emulator as a process of its own, with an empty world, for emulator-load.ts.
import { startEmulator, type RunningEmulator } from '@pierhead/emulator'
import { answerParent } from './child.ts'
import { redirectUri } from './emulator-app.ts'

/** Where the emulator is, and what a client of it needs. */
export interface EmulatorAnswer {
  readonly port: number
  /** Milliseconds from the beginning of the process until it listened. */
  readonly startedAfter: number
  readonly clientId: string
  readonly clientSecret: string
  readonly accessToken: string
  readonly refreshToken: string
}

/** Microseconds of processor time since the beginning. */
export interface EmulatorUsage {
  readonly used: number
}

let emulator: RunningEmulator | undefined

answerParent(async () => {
  if (emulator !== undefined) return usage()
  emulator = await startEmulator({
    port: 0,
    hosts: ['127.0.0.1'],
    behaviour: { autoLogin: 'Maya Okafor', autoConsent: true },
  })
  return describe(emulator, performance.now())
})

async function describe(running: RunningEmulator, startedAfter: number): Promise<EmulatorAnswer> {
  const app = running.registerApp({ name: 'Bench', type: 'portal', redirectUris: [redirectUri] })
  const order = { client: app.clientId, identity: 'Maya Okafor', scopes: 'openid email' }
  const tokens = await running.issueTokens(order)
  return {
    port: Number(new URL(running.origin).port),
    startedAfter,
    clientId: app.clientId,
    clientSecret: app.clientSecret ?? '',
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token ?? '',
  }
}

function usage(): EmulatorUsage {
  const { user, system } = process.cpuUsage()
  return { used: user + system }
}
