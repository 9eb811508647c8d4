// Holds many event streams open, as so many browsers would, and counts what comes.
import { Agent, get } from 'node:http'
import { answerParent } from './child.ts'

/** With `port`: opens so many streams with each of the cookies. Without: how much has come. */
export interface StreamsQuestion {
  readonly port?: number
  readonly path: string
  readonly cookies: readonly string[]
  readonly each: number
}

export interface StreamsAnswer {
  readonly open: number
  readonly messages: number
}

const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })
let opened = 0
let messages = 0

answerParent(async (question) => {
  // Sent by portal-pages.ts.
  const { port, path, cookies, each } = question as StreamsQuestion
  if (port !== undefined)
    for (const cookie of cookies)
      await Promise.all(Array.from({ length: each }, () => open({ port, path, headers: { cookie } })))
  return { open: opened, messages } satisfies StreamsAnswer
})

/** Settles when it has begun. */
function open(where: { port: number; path: string; headers: { cookie: string } }): Promise<void> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', agent, ...where }, (response) => {
      if (response.statusCode !== 200) return reject(new Error(`A stream was answered ${response.statusCode}.`))
      opened += 1
      response.setEncoding('utf8').on('data', (text: string) => {
        messages += text.split('event: task\n').length - 1
      })
      response.on('close', () => (opened -= 1))
      resolve()
    }).on('error', reject)
  })
}
