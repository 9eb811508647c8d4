// Serves one long list by markers, from memory: nothing of the measured time is spent here.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerParent } from './child.ts'

export interface PagingServerQuestion {
  readonly items: number
  readonly pageSize: number
}

export interface PagingServerAnswer {
  readonly origin: string
}

answerParent(async (question) => {
  // Sent by paging-load.ts.
  const { items, pageSize } = question as PagingServerQuestion
  const pages = Array.from({ length: Math.ceil(items / pageSize) }, (_, page) => pageOf(page, items, pageSize))
  const server = createServer((request, response) => {
    const marker = new URL(request.url ?? '/', 'http://local.invalid').searchParams.get('marker') ?? '0'
    const body = pages[Number(marker) / pageSize] ?? Buffer.from('{}')
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A TCP server's address is an object.
  const { port } = server.address() as AddressInfo
  return { origin: `http://127.0.0.1:${port}` } satisfies PagingServerAnswer
})

function pageOf(page: number, items: number, pageSize: number): Buffer {
  const start = page * pageSize
  const end = Math.min(items, start + pageSize)
  const DATA = Array.from({ length: end - start }, (_, index) => ({
    DATA_TYPE: 'successful_transfer',
    source_path: `/projects/tide-gauges/2026/04/station-${start + index}.nc`,
    destination_path: `/archive/tide-gauges/2026/04/station-${start + index}.nc`,
    checksum: 'd41d8cd98f00b204e9800998ecf8427e',
    checksum_algorithm: 'MD5',
    dynamic: false,
    size: 1_048_576 + index,
  }))
  const document = { DATA_TYPE: 'successful_transfers', marker: start, next_marker: end < items ? end : null, DATA }
  return Buffer.from(JSON.stringify(document))
}
