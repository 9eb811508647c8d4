/** The ports that collections may have, both ends included. */
export interface PortRange {
  readonly first: number
  readonly last: number
}

/** Reads `FIRST-LAST`. @throws TypeError for what is no range of ports */
export function parsePortRange(text: string | undefined): PortRange | undefined {
  if (text === undefined) return undefined
  const [, first = NaN, last = NaN] = (/^(\d{1,5})-(\d{1,5})$/.exec(text) ?? []).map(Number)
  if (first >= 1 && first <= last && last <= 65_535) return { first, last }
  throw new TypeError(`--data-ports must look like 8900-8999, not ${text}`)
}
