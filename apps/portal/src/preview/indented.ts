/** More blanks than this many would be a page of nothing else. Characters. */
const mostIndentation = 2_000_000

/** JSON with a line for each value. What is no JSON, or is nested so that it would be mostly blanks, stays as it is. */
export function indented(text: string): string {
  if (indentationOf(text) > mostIndentation) return text
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2)
  } catch {
    return text
  }
}

/** Blanks and line ends that it would have with a line for each value: deep inside, each value costs more than itself. */
function indentationOf(text: string): number {
  let [depth, sum] = [0, 0]
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{\]},]/g)) {
    if (token === '[' || token === '{') depth += 1
    else if (token === ']' || token === '}') depth -= 1
    else if (token !== ',') continue
    sum += 1 + 2 * depth
    if (sum > mostIndentation) break
  }
  return sum
}
