/** What a scope parameter asks for: a graph by name, because the same scope may be written in several places. */
export interface ScopeGraph {
  /** The scopes asked for by name, in the order of their first mention, and whether each is optional. */
  readonly roots: ReadonlyMap<string, boolean>
  /** For each scope the ones written in its brackets, and whether each is optional. */
  readonly dependencies: ReadonlyMap<string, ReadonlyMap<string, boolean>>
}

/** The text is not a list of scopes. The message says where and why. */
export class ScopeSyntaxError extends Error {
  override readonly name = 'ScopeSyntaxError'
}

/**
 * Parses `scope (" " scope)*` with `scope := "*"? name ("[" scope (" " scope)* "]")?`, the grammar of the official SDKs: `*` marks a
 * scope as optional, brackets hold what the service behind the scope may use in turn. A required mention beats an optional one.
 *
 * @throws ScopeSyntaxError for empty or unbalanced brackets, a misplaced `*`, `[` or `]`, and cycles
 */
export function parseScopes(text: string): ScopeGraph {
  const roots = new Map<string, boolean>()
  const dependencies = new Map<string, Map<string, boolean>>()
  const parents: string[] = []
  const edges = (): Map<string, boolean> => {
    const parent = parents.at(-1)
    if (parent === undefined) return roots
    const known = dependencies.get(parent) ?? new Map<string, boolean>()
    dependencies.set(parent, known)
    return known
  }
  let last = ''
  for (const token of checkedTokens(text)) {
    if (token === '[') parents.push(last)
    else if (token === ']') parents.pop()
    else {
      const optional = token.startsWith('*')
      last = optional ? token.slice(1) : token
      edges().set(last, optional && edges().get(last) !== false)
    }
  }
  refuseCycles(dependencies)
  return { roots, dependencies }
}

/** Writes a graph as a scope parameter that parses to the same graph; each scope's brackets appear at its first mention. */
export function formatScopes(graph: ScopeGraph): string {
  const written = new Set<string>()
  const write = (edges: ReadonlyMap<string, boolean>): string =>
    Array.from(edges, ([name, optional]) => {
      const below = written.has(name) ? undefined : graph.dependencies.get(name)
      written.add(name)
      return `${optional ? '*' : ''}${name}${below === undefined || below.size === 0 ? '' : `[${write(below)}]`}`
    }).join(' ')
  return write(graph.roots)
}

const TOKEN = /\[|\]| +|\*?[^[\]* ]+|\*/g

/** The names (with their `*`) and brackets of the text, each checked against its neighbours. */
function checkedTokens(text: string): string[] {
  const tokens: string[] = []
  let previous = ' '
  let depth = 0
  for (const { 0: token, index } of text.trim().matchAll(TOKEN)) {
    const problem = findProblem(previous, token)
    if (problem !== undefined) throw new ScopeSyntaxError(`${problem} at character ${index + 1}`)
    depth += token === '[' ? 1 : token === ']' ? -1 : 0
    if (depth < 0) throw new ScopeSyntaxError(`"]" without "[" at character ${index + 1}`)
    if (!token.startsWith(' ')) tokens.push(token)
    previous = token
  }
  if (depth > 0) throw new ScopeSyntaxError('"[" without "]"')
  return tokens
}

function findProblem(previous: string, token: string): string | undefined {
  if (token === '*') return '"*" without a scope'
  const before = previous.startsWith(' ') ? 'space' : previous === '[' || previous === ']' ? previous : 'name'
  if (token === '[') return before === 'name' ? undefined : '"[" without a scope before it'
  if (token === ']') return before === '[' ? 'empty brackets' : before === 'space' ? 'space before "]"' : undefined
  if (token.startsWith(' ')) return before === '[' ? 'space after "["' : undefined
  return before === ']' ? '"]" not followed by a space' : before === 'name' ? '"*" inside a scope' : undefined
}

function refuseCycles(dependencies: ReadonlyMap<string, ReadonlyMap<string, boolean>>): void {
  // Scopes that nothing left depends on are taken away again and again; what stays runs in circles.
  const waiting = new Map<string, number>()
  for (const below of dependencies.values())
    for (const name of below.keys()) waiting.set(name, (waiting.get(name) ?? 0) + 1)
  const free = Array.from(dependencies.keys()).filter((name) => !waiting.has(name))
  for (let name = free.pop(); name !== undefined; name = free.pop()) {
    for (const below of dependencies.get(name)?.keys() ?? []) {
      const left = (waiting.get(below) ?? 0) - 1
      if (left > 0) waiting.set(below, left)
      else {
        waiting.delete(below)
        free.push(below)
      }
    }
  }
  const [circular] = waiting.keys()
  if (circular !== undefined) throw new ScopeSyntaxError(`"${circular}" depends on itself`)
}
