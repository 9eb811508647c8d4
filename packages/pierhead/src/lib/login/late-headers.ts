import type { ServerResponse } from 'node:http'

/** What knows headers only when a response's own leave. Asked once. */
export interface LateHeaders {
  headers(): readonly (readonly [string, string])[]
}

type WriteHead = (this: ServerResponse, status: number, reason?: string) => ServerResponse

interface Awaiting {
  readonly writeHead: WriteHead
  readonly sources: LateHeaders[]
}

const place: unique symbol = Symbol('pierhead.late')

interface LateResponse extends ServerResponse {
  [place]?: Awaiting
}

/** Adds headers at the moment when a response's headers leave, whoever sends them and however. */
export function addLateHeaders(res: LateResponse, source: LateHeaders): void {
  const awaiting = res[place]
  if (awaiting !== undefined) {
    awaiting.sources.push(source)
    return
  }
  // Called with its response below.
  // oxlint-disable-next-line typescript/unbound-method
  res[place] = { writeHead: res.writeHead, sources: [source] }
  res.writeHead = writeHead
}

/**
 * One function for all responses: V8 holds on to what the functions of ended responses refer to until it collects the whole
 * heap, and copies it in every collection before, which costs more than all else that happens to a request here.
 */
function writeHead(this: LateResponse, status: number, ...rest: unknown[]): ServerResponse {
  const awaiting = this[place]
  if (awaiting === undefined) throw new TypeError('This writeHead belongs to another response.')
  setOwn(this, rest.at(-1))
  for (const source of awaiting.sources.splice(0)) {
    for (const [name, value] of source.headers()) {
      if (name === 'cache-control') this.setHeader(name, value)
      else this.appendHeader(name, value)
    }
  }
  return typeof rest[0] === 'string'
    ? awaiting.writeHead.call(this, status, rest[0])
    : awaiting.writeHead.call(this, status)
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
