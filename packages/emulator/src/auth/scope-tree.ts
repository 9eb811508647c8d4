import type { ConsentRequest } from '../world/consents.ts'
import type { Scope, Scopes } from '../world/scopes.ts'
import { ScopeSyntaxError, type ScopeGraph } from './scope-grammar.ts'

/** The scope by which `@globus/sdk` asks for refresh tokens; it belongs to no resource server. */
export const OFFLINE_ACCESS = 'offline_access'

/** The most places a tree may have: brackets can share parts, so that a short text may stand for an enormous tree. */
const MAXIMUM_PLACES = 1000

/** The names in the graph that no service has registered, in the order of their mention. */
export function unknownScopes(graph: ScopeGraph, scopes: Scopes): readonly string[] {
  const names = new Set(graph.roots.keys())
  for (const [parent, below] of graph.dependencies) for (const name of [parent, ...below.keys()]) names.add(name)
  return Array.from(names).filter((name) => name !== OFFLINE_ACCESS && scopes.find(name) === undefined)
}

/**
 * The trees of consent that a request needs: what it names, and what the named scopes always bring along. Unknown names are left out.
 *
 * @throws ScopeSyntaxError when the trees are too large to show to anybody
 */
export function planConsents(graph: ScopeGraph, scopes: Scopes): readonly ConsentRequest[] {
  let places = 0
  const plan = (edges: ReadonlyMap<string, boolean>): ConsentRequest[] =>
    Array.from(edges).flatMap(([name, optional]) => {
      const scope = scopes.find(name)
      if (scope === undefined) return []
      if (++places > MAXIMUM_PLACES) throw new ScopeSyntaxError(`more than ${MAXIMUM_PLACES} dependent scopes`)
      return [{ scope, optional, dependencies: plan(dependenciesOf(scope, graph)) }]
    })
  return plan(graph.roots)
}

function dependenciesOf(scope: Scope, graph: ScopeGraph): ReadonlyMap<string, boolean> {
  const asked = graph.dependencies.get(scope.scopeString) ?? new Map<string, boolean>()
  const always = scope.dependentScopes.filter((dependent) => !dependent.optional)
  return new Map([...asked, ...always.map((dependent): [string, boolean] => [dependent.scope, false])])
}
