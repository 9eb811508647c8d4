// Long files and functions are where review stops seeing, and a cast is where the compiler does: both are counted
// here, because no reviewer counts.
import { filesBelow, lineOf, readSource, type Source, type SyntaxNode, visit } from './lib/source.ts'
import { runAlone } from './lib/report.ts'

const fileLimit = 400
const functionLimit = 60
const folders = ['packages', 'apps', 'e2e', 'bench', 'examples', 'tools']
const functions = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'])
const assertions = new Set(['TSAnyKeyword', 'TSNonNullExpression', 'TSAsExpression', 'TSTypeAssertion'])

/** Lines that are too many, `any`, `!`, and every `as` without a comment that proves it. */
export function checkSizes(root: string): string[] {
  const files = filesBelow(root, folders, ['.ts', '.mjs', '.js']).filter((path) => !path.endsWith('.d.ts'))
  return files.flatMap((path) => checkFile(readSource(root, path)))
}

function checkFile(source: Source): string[] {
  const lines = source.text.trimEnd().split('\n')
  const isTest = /(^|\/)(test|e2e)\//.test(source.path)
  const findings = lines.length > fileLimit ? [`${source.path}: ${lines.length} lines, at most ${fileLimit}`] : []
  visit(source, (node) => {
    if (!functions.has(node.type) && !assertions.has(node.type)) return
    const line = lineOf(source.text, node.start)
    const at = `${source.path}:${line}:`
    const length = lineOf(source.text, node.end) - line + 1
    // The body of a describe is a list of tests; the tests inside are measured.
    if (functions.has(node.type) && length > functionLimit && !(isTest && holdsTests(source.text, node)))
      findings.push(`${at} a function of ${length} lines, at most ${functionLimit}`)
    if (node.type === 'TSAnyKeyword') findings.push(`${at} any; use unknown and parse it`)
    if (node.type === 'TSNonNullExpression') findings.push(`${at} a non-null assertion; narrow the type instead`)
    if (isCast(node) && !isExplained(lines, lineOf(source.text, node.end)) && !isExplained(lines, line))
      findings.push(`${at} a cast; prove it in a comment on this line or the one before, or use satisfies`)
  })
  return findings
}

function isCast(node: SyntaxNode): boolean {
  if (node.type !== 'TSAsExpression' && node.type !== 'TSTypeAssertion') return false
  const { typeAnnotation: type } = node
  const text = JSON.stringify(type)
  return !(text.includes('"TSTypeReference"') && text.includes('"name":"const"'))
}

function isExplained(lines: readonly string[], line: number): boolean {
  const [before, here] = [lines[line - 2] ?? '', lines[line - 1] ?? '']
  return /\/\/|\*\//.test(here) || /^\s*(\/\/|\*|\/\*)/.test(before)
}

function holdsTests(text: string, node: SyntaxNode): boolean {
  return /^\s*(it|test|describe)(\.\w+)*\(/m.test(text.slice(node.start, node.end))
}

runAlone(import.meta.main, checkSizes)
