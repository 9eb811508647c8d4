import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Setting } from './setting.ts'

/** A server of a collection whose owner means harm. */
export interface HostileServer extends AsyncDisposable {
  readonly origin: string
  /** What it was asked, oldest first. */
  readonly requests: { readonly method: string; readonly url: string; readonly headers: IncomingHttpHeaders }[]
  /** What it answers from now on. */
  answer: RequestListener
}

export async function startHostileServer(): Promise<HostileServer> {
  const hostile: Omit<HostileServer, 'origin' | typeof Symbol.asyncDispose> = {
    requests: [],
    answer: (_, response) => void response.end(),
  }
  const server = createServer((request, response) => {
    const { headers, method = '', url = '' } = request
    hostile.requests.push({ method, url, headers })
    hostile.answer(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A listening TCP server has an AddressInfo.
  const { port } = server.address() as AddressInfo
  return Object.assign(hostile, {
    origin: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  })
}

/** Lets Transfer say of every collection that its files are there. */
export function sayFilesAreAt({ emulator }: Setting, server: string): void {
  const fault = { kind: 'merge', document: { https_server: server } } as const
  emulator.faults.add({ endpoint: 'endpoint', fault, times: 'always' })
}
