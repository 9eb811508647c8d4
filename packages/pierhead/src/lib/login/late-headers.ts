import type { ServerResponse } from 'node:http'

/** Adds headers at the moment when a response's headers leave, whoever sends them and however. `late` is called once. */
export function addLateHeaders(res: ServerResponse, late: () => (readonly [string, string])[]): void {
  const writeHead = res.writeHead.bind(res)
  res.writeHead = (status: number, ...rest: unknown[]): ServerResponse => {
    const own = rest.at(-1)
    // The object or list form of writeHead's headers; setHeaders takes what is iterable as pairs.
    if (typeof own === 'object' && own !== null) setAll(res, own)
    for (const [name, value] of late()) {
      if (name === 'cache-control') res.setHeader(name, value)
      else res.appendHeader(name, value)
    }
    res.writeHead = writeHead
    return typeof rest[0] === 'string' ? writeHead(status, rest[0]) : writeHead(status)
  }
}

function setAll(res: ServerResponse, headers: object): void {
  if (!Array.isArray(headers)) {
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) res.setHeader(name, value)
    return
  }
  for (let index = 0; index + 1 < headers.length; index += 2)
    res.appendHeader(String(headers[index]), headers[index + 1])
}
