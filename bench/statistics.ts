/** Five rounds of a ratio, of which the middle one counts. */
export interface Ratio {
  readonly median: number
  /** Largest minus smallest, as a share of the median: how far the machine was from quiet. */
  readonly spread: number
}

/** Above this spread a measurement is worth repeating. */
export const quietSpread = 0.15

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

export function ratioOf(rounds: readonly number[]): Ratio {
  const middle = median(rounds)
  return { median: middle, spread: (Math.max(...rounds) - Math.min(...rounds)) / middle }
}

/** Round by round, so that a machine that is slow for a moment is slow for both sides. */
export function ratioOfRounds(rates: readonly number[], reference: readonly number[]): Ratio {
  return ratioOf(rates.map((rate, round) => rate / (reference[round] ?? Number.NaN)))
}
