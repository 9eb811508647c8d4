import { Agent, request } from 'node:http'
import { startChild } from './child.ts'
import { redirectUri } from './emulator-app.ts'
import type { EmulatorAnswer, EmulatorUsage } from './emulator-server.ts'

/** What is asked of the emulator. */
export const emulatorWork = ['tokens', 'refreshes', 'introspections', 'logins'] as const

export type EmulatorWork = (typeof emulatorWork)[number]

/** Of each work, how often it is done in a second of one core's time, round by round; and milliseconds until it listens. */
export interface EmulatorRates {
  readonly rates: Readonly<Record<EmulatorWork, readonly number[]>>
  readonly starts: readonly number[]
}

const connections = 16

/** Measures an emulator that keeps nothing, on a core of its own, over HTTP. */
export async function measureEmulator(rounds: number, requests: number): Promise<EmulatorRates> {
  const rates: Record<EmulatorWork, number[]> = { tokens: [], refreshes: [], introspections: [], logins: [] }
  const starts: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const child = startChild('emulator-server.ts', 1)
    const agent = new Agent({ keepAlive: true, maxSockets: connections })
    try {
      // The first answer of emulator-server.ts.
      const emulator = (await child.ask({})) as EmulatorAnswer
      starts.push(emulator.startedAfter)
      for (const work of emulatorWork) {
        const call = callsOf(emulator, agent)[work]
        await repeat(call, requests / 4)
        // Its later answers.
        const before = (await child.ask({})) as EmulatorUsage
        await repeat(call, requests)
        // And again.
        const { used } = (await child.ask({})) as EmulatorUsage
        rates[work].push((requests / (used - before.used)) * 1_000_000)
      }
    } finally {
      agent.destroy()
      child.stop()
    }
  }
  return { rates, starts }
}

async function repeat(call: () => Promise<void>, times: number): Promise<void> {
  let left = times
  const worker = async (): Promise<void> => {
    while (left-- > 0) await call()
  }
  await Promise.all(Array.from({ length: connections }, worker))
}

function callsOf(emulator: EmulatorAnswer, agent: Agent): Record<EmulatorWork, () => Promise<void>> {
  const { clientId, clientSecret, accessToken: token, refreshToken: refresh_token } = emulator
  const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
  const post = (path: string, form: Record<string, string>): Promise<string> =>
    send({ port: emulator.port, path, agent, authorization: basic, body: new URLSearchParams(form).toString() })
  const query = new URLSearchParams({ client_id: clientId, redirect_uri: redirectUri, scope: 'openid email' })
  const address = `/v2/oauth2/authorize?response_type=code&${query}`
  const tokenPath = '/v2/oauth2/token'
  return {
    tokens: async () => void (await post(tokenPath, { grant_type: 'client_credentials', scope: 'email' })),
    refreshes: async () => void (await post(tokenPath, { grant_type: 'refresh_token', refresh_token })),
    introspections: async () => void (await post(`${tokenPath}/introspect`, { token })),
    logins: async () => {
      const code = await logIn({ port: emulator.port, path: address, agent })
      await post(tokenPath, { grant_type: 'authorization_code', code, redirect_uri: redirectUri })
    },
  }
}

/** Goes from page to page, as a browser that knows nothing yet, to the code. The emulator presses the buttons itself. */
async function logIn(sent: Sent): Promise<string> {
  const cookies = new Map<string, string>()
  let path = sent.path
  while (path.startsWith('/')) {
    const cookie = Array.from(cookies, (pair) => pair.join('=')).join('; ')
    const { text, setCookies } = await exchange({ ...sent, path, cookie })
    for (const [, name = '', value = ''] of setCookies.map((line) => /^([^=]+)=([^;]*)/.exec(line) ?? []))
      cookies.set(name, value)
    path = text
  }
  return new URL(path).searchParams.get('code') ?? ''
}

interface Sent {
  readonly port: number
  readonly path: string
  readonly agent: Agent
  readonly authorization?: string
  readonly cookie?: string
  /** Without one it is a GET. */
  readonly body?: string
}

/** The body of a good answer, or where it leads; anything else makes the measurement worthless. */
async function send(sent: Sent): Promise<string> {
  return (await exchange(sent)).text
}

interface Answer {
  readonly text: string
  readonly setCookies: readonly string[]
}

function exchange({ port, path, agent, authorization, cookie, body }: Sent): Promise<Answer> {
  const type = body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }
  const headers = { ...type, ...(authorization && { authorization }), ...(cookie && { cookie }) }
  const method = body === undefined ? 'GET' : 'POST'
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, agent, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part))
      response.on('end', () => {
        const { statusCode = 0, headers: answered } = response
        const setCookies = answered['set-cookie'] ?? []
        const isRedirect = (statusCode === 302 || statusCode === 303) && answered.location !== undefined
        if (statusCode === 200) resolve({ text, setCookies })
        else if (isRedirect) resolve({ text: answered.location ?? '', setCookies })
        else reject(new Error(`${method} ${path.split('?', 1).join()}: ${statusCode} ${text.slice(0, 200)}`))
      })
    })
    sent.on('error', reject).end(body)
  })
}
