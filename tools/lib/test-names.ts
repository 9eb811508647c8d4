import { filesBelow, readSource, visit, type SyntaxNode } from './source.ts'

/** A test or a group of tests. */
export interface NamedTest {
  /** Relative to the root. */
  readonly path: string
  readonly name: string
}

const callees = new Set(['it', 'test', 'describe'])

/** The names of all tests, in order of file and place. A name that is put together keeps its fixed parts. */
export function testNames(root: string): NamedTest[] {
  const files = filesBelow(root, ['packages', 'apps', 'e2e', 'tools', 'bench'], ['.ts'])
  return files
    .filter((path) => /\/test\/|\.test\.ts$/.test(path))
    .flatMap((path) => {
      const names: NamedTest[] = []
      visit(readSource(root, path), (node) => {
        const name = nameOf(node)
        if (name !== undefined) names.push({ path, name })
      })
      return names
    })
}

/** The name, when the node is `it(…)`, `describe.each(…)(…)` or the like, or text in a table of tests that begins with a number. */
function nameOf(node: SyntaxNode): string | undefined {
  if (node.type === 'Literal') {
    const text = textOf(node)
    return text !== undefined && /^(?:SEC|REL)-\d+ /.test(text) ? text : undefined
  }
  if (node.type !== 'CallExpression' || !isCallee(node['callee'])) return undefined
  const [first] = listOf(node['arguments'])
  return first === undefined ? undefined : textOf(first)
}

function isCallee(value: unknown): boolean {
  if (!isNode(value)) return false
  if (value.type === 'Identifier') return callees.has(String(value['name']))
  if (value.type === 'MemberExpression') return isCallee(value['object'])
  return value.type === 'CallExpression' && isCallee(value['callee'])
}

function textOf(node: SyntaxNode): string | undefined {
  if (node.type === 'Literal') return typeof node['value'] === 'string' ? node['value'] : undefined
  if (node.type !== 'TemplateLiteral') return undefined
  const parts = listOf(node['quasis']).map(({ value }) => (isCooked(value) ? value.cooked : ''))
  return parts.join('…')
}

const isCooked = (value: unknown): value is { readonly cooked: string } =>
  typeof value === 'object' && value !== null && 'cooked' in value && typeof value.cooked === 'string'

const listOf = (value: unknown): readonly SyntaxNode[] => (Array.isArray(value) ? value.filter(isNode) : [])

const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
