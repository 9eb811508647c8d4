/** Which of the words was probably meant: at most two letters differ, or a third of a short word. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const distances = words.map((one) => ({ one, distance: distance(word.toLowerCase(), one.toLowerCase()) }))
  const [best] = distances.toSorted((left, right) => left.distance - right.distance)
  return best !== undefined && best.distance <= Math.min(2, Math.ceil(word.length / 3)) ? best.one : undefined
}

/** Letters to insert, remove, replace or swap with their neighbour. */
function distance(from: string, to: string): number {
  let [beforeLast, last]: number[][] = [[], Array.from({ length: to.length + 1 }, (_, index) => index)]
  for (let row = 1; row <= from.length; row += 1) {
    const next = [row]
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1]
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      next.push(
        Math.min(
          (last?.[column] ?? 0) + 1,
          (next[column - 1] ?? 0) + 1,
          (last?.[column - 1] ?? 0) + (same ? 0 : 1),
          swapped ? (beforeLast?.[column - 2] ?? Infinity) + 1 : Infinity,
        ),
      )
    }
    ;[beforeLast, last] = [last ?? [], next]
  }
  return last?.[to.length] ?? 0
}
