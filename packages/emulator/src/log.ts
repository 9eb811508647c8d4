/** Where lines for the operator go; the default is standard error. */
export type Log = (line: string) => void

export const standardErrorLog: Log = (line) => void process.stderr.write(`${line}\n`)

export const silentLog: Log = () => undefined

/** What a line about a request tells. Only the path: queries and bodies hold codes, states and tokens. */
export interface RequestLine {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly milliseconds: number
  /** Why the request was refused, in words without secrets. */
  readonly reason: string | undefined
}

export function formatRequest({ method, path, status, milliseconds, reason }: RequestLine): string {
  const head = `${printable(method)} ${printable(path)} ${status} ${Math.round(milliseconds)}ms`
  return reason === undefined ? head : `${head}: ${printable(reason)}`
}

/** Keeps what a client sent from breaking or colouring the log. */
// oxlint-disable-next-line no-control-regex
const printable = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '?').slice(0, 300)
