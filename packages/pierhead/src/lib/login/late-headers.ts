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
  const pairs = Array.isArray(headers) ? pairsOf(headers) : Object.entries(headers)
  for (const [name] of pairs) res.removeHeader(name)
  for (const [name, value] of pairs) {
    if (typeof value === 'string' || typeof value === 'number') res.appendHeader(name, String(value))
    else if (Array.isArray(value)) res.appendHeader(name, value.map(String))
  }
}

function pairsOf(flat: readonly unknown[]): (readonly [string, unknown])[] {
  return flat.flatMap((name, index) => (index % 2 === 0 ? [[String(name), flat[index + 1]] as const] : []))
}
