import { parseArgs } from 'node:util'

export interface BenchOptions<Name extends string> {
  /** The tables to measure. Default: all. */
  readonly only: readonly Name[]
  readonly isShort: boolean
  /** A missed budget fails the run. */
  readonly mustHold: boolean
}

/** Reads what follows `npm run bench --`. `refused` says what is wrong and what there is. */
export function benchOptions<Name extends string>(
  args: readonly string[],
  names: readonly Name[],
): BenchOptions<Name> | { readonly refused: string } {
  const usage = `There are --check, --short and --only with one or more of ${names.join(', ')}.`
  const read = parse(args)
  if (read === undefined) return { refused: `Unknown option in: ${args.join(' ')}. ${usage}` }
  const wanted = read.only?.split(',') ?? names
  const unknown = wanted.filter((one) => !names.some((name) => name === one))
  if (unknown.length > 0) return { refused: `No table is called ${unknown.join(', ')}. ${usage}` }
  return { only: names.filter((name) => wanted.includes(name)), isShort: read.short, mustHold: read.check }
}

function parse(args: readonly string[]): { only?: string; short: boolean; check: boolean } | undefined {
  const flag = { type: 'boolean', default: false } as const
  try {
    return parseArgs({ args: [...args], options: { only: { type: 'string' }, short: flag, check: flag } }).values
  } catch {
    return undefined
  }
}
