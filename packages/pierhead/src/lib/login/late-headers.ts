import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'

type Lines = readonly (readonly [string, string])[]

/** What knows headers only when a response's own leave. Asked once. */
export interface LateHeaders {
  headers(): Lines
}

interface Awaiting {
  readonly writeHead: ServerResponse['writeHead']
  sources: LateHeaders[]
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
  const lines = linesOf(awaiting.sources)
  awaiting.sources = []
  const own = rest.at(-1)
  const all = this.getHeaderNames().length === 0 ? joined(own, lines) : undefined
  if (all === undefined) {
    setOwn(this, own)
    for (const [name, value] of lines) {
      if (name === 'cache-control') this.setHeader(name, value)
      else this.appendHeader(name, value)
    }
  }
  if (typeof rest[0] === 'string') this.statusMessage = rest[0]
  // Never with an argument that is undefined: wrappers below tell by their number what is given.
  return all === undefined ? awaiting.writeHead.call(this, status) : awaiting.writeHead.call(this, status, all)
}

function linesOf([first, ...others]: readonly LateHeaders[]): Lines {
  const lines = first?.headers() ?? []
  return others.length === 0 ? lines : [...lines, ...others.flatMap((source) => source.headers())]
}

/**
 * Both in one object, which Node writes as it is, at less than half the cost of setting each. Undefined: it was no object of
 * plain values, or a name occurs twice.
 */
function joined(own: unknown, lines: Lines): OutgoingHttpHeaders | undefined {
  if (typeof own !== 'object' || own === null || Array.isArray(own)) return undefined
  const all: OutgoingHttpHeaders = { ...own }
  for (const [name, value] of Object.entries(all)) {
    if (typeof value !== 'string' && typeof value !== 'number') return undefined
    for (const [late] of lines) if (name.length === late.length && name.toLowerCase() === late) return undefined
  }
  for (const [name, value] of lines) {
    if (Object.hasOwn(all, name)) return undefined
    all[name] = value
  }
  return all
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
