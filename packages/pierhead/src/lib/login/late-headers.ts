import type { ServerResponse } from 'node:http'

/** Adds headers at the moment when a response's headers leave, whoever sends them and however. `late` is called once. */
export function addLateHeaders(res: ServerResponse, late: () => (readonly [string, string])[]): void {
  const writeHead = res.writeHead.bind(res)
  res.writeHead = (status: number, ...rest: unknown[]): ServerResponse => {
    setOwn(res, rest.at(-1))
    for (const [name, value] of late()) {
      if (name === 'cache-control') res.setHeader(name, value)
      else res.appendHeader(name, value)
    }
    res.writeHead = writeHead
    return typeof rest[0] === 'string' ? writeHead(status, rest[0]) : writeHead(status)
  }
}

/** The headers that writeHead was called with, as an object or as a flat list, set before ours are. */
function setOwn(res: ServerResponse, headers: unknown): void {
  if (typeof headers !== 'object' || headers === null) return
  const flat: readonly unknown[] | undefined = Array.isArray(headers) ? headers : undefined
  const pairs = flat?.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1]] as const] : []))
  for (const [name, value] of pairs ?? Object.entries(headers)) {
    if (flat === undefined) res.removeHeader(String(name))
    if (typeof value === 'string' || typeof value === 'number') res.appendHeader(String(name), String(value))
    else if (Array.isArray(value)) res.appendHeader(String(name), value.map(String))
  }
}
