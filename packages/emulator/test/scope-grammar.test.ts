import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatScopes, parseScopes, ScopeSyntaxError, type ScopeGraph } from '../src/auth/scope-grammar.ts'
import { planConsents } from '../src/auth/scope-tree.ts'
import { createEmulator } from '../src/index.ts'

const plain = (graph: ScopeGraph): unknown => ({
  roots: Object.fromEntries(graph.roots),
  dependencies: Object.fromEntries(
    Array.from(graph.dependencies, ([name, below]) => [name, Object.fromEntries(below)]),
  ),
})

describe('parseScopes', () => {
  test.each([
    ['', {}, {}],
    ['  openid   email ', { openid: false, email: false }, {}],
    ['a[b]', { a: false }, { a: { b: false } }],
    ['a[*b c] a[d] *e', { a: false, e: true }, { a: { b: true, c: false, d: false } }],
    ['a[b[c] d] e', { a: false, e: false }, { a: { b: false, d: false }, b: { c: false } }],
    ['*a a', { a: false }, {}],
    ['a[*b] a[b]', { a: false }, { a: { b: false } }],
    ['urn:x:all[*https://y/z]', { 'urn:x:all': false }, { 'urn:x:all': { 'https://y/z': true } }],
  ])('reads %j', (text, roots, dependencies) => {
    expect(plain(parseScopes(text))).toEqual({ roots, dependencies })
  })

  test.each([
    ['*', '"*" without a scope at character 1'],
    ['* a', '"*" without a scope at character 1'],
    ['a*', '"*" without a scope at character 2'],
    ['a*b', '"*" inside a scope at character 2'],
    ['[a]', '"[" without a scope before it at character 1'],
    ['a [b]', '"[" without a scope before it at character 3'],
    ['a[[b]]', '"[" without a scope before it at character 3'],
    ['a[]', 'empty brackets at character 3'],
    ['a[ b]', 'space after "[" at character 3'],
    ['a[b ]', 'space before "]" at character 5'],
    ['a[b]c', '"]" not followed by a space at character 5'],
    ['a[b][c]', '"[" without a scope before it at character 5'],
    ['a]', '"]" without "[" at character 2'],
    ['a[b', '"[" without "]"'],
    ['a[a]', '"a" depends on itself'],
    ['a[b[c[a]]]', '"b" depends on itself'],
  ])('refuses %j: %s', (text, message) => {
    const parse = (): unknown => parseScopes(text)
    expect(parse).toThrow(ScopeSyntaxError)
    expect(parse).toThrow(message.startsWith('"b" depends') ? 'depends on itself' : message)
  })

  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'openid', 'urn:globus:x', 'https://x.example/y-z')
  const { scopes } = fc.letrec<{ scope: string; scopes: string }>((tie) => ({
    scope: fc
      .tuple(fc.boolean(), name, fc.option(tie('scopes'), { depthSize: 'small' }))
      .map(([optional, text, below]) => `${optional ? '*' : ''}${text}${below === null ? '' : `[${below}]`}`),
    scopes: fc.array(tie('scope'), { minLength: 1, maxLength: 3 }).map((list) => list.join(' ')),
  }))

  test('formats what it parsed to a text that parses to the same, whatever the nesting', () => {
    fc.assert(
      fc.property(scopes, (text) => {
        const graph = tryParse(text)
        if (graph === undefined) return
        expect(plain(parseScopes(formatScopes(graph)))).toEqual(plain(graph))
      }),
      { numRuns: 2000 },
    )
  })

  test('knows every name that the text holds and no other', () => {
    fc.assert(
      fc.property(scopes, (text) => {
        const graph = tryParse(text)
        if (graph === undefined) return
        const known = new Set([
          ...graph.roots.keys(),
          ...Array.from(graph.dependencies.values()).flatMap((below) => [...below.keys()]),
        ])
        expect(known).toEqual(new Set(text.split(/[[\]* ]+/).filter((part) => part !== '')))
      }),
      { numRuns: 2000 },
    )
  })

  test('ends with a graph or a ScopeSyntaxError for any text', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('a', 'b', '[', ']', '*', ' ') }))
    fc.assert(
      fc.property(text, (any) => {
        const graph = tryParse(any) ?? parseScopes('')
        expect(plain(parseScopes(formatScopes(graph)))).toEqual(plain(graph))
      }),
      { numRuns: 5000 },
    )
  })

  test('SEC-109 takes deep nesting and long lists in its stride', () => {
    const depth = 20_000
    const deep = Array.from({ length: depth }, (_, i) => `s${i}[`).join('') + 'end' + ']'.repeat(depth)
    expect(parseScopes(deep).dependencies.size).toBe(depth)
    expect(parseScopes(Array.from({ length: depth }, (_, i) => `s${i}`).join(' ')).roots.size).toBe(depth)
  })
})

test('a short text that stands for an enormous tree is refused', () => {
  const emulator = createEmulator()
  const names = emulator.world.scopes
    .ownedBy('eec9b274-0c81-4334-bdc2-54e90e689b9a')
    .map(({ scopeString }) => scopeString)
  const others = emulator.world.scopes
    .ownedBy('7c8c6ef1-9f0b-4f0e-8d0c-1b7b4c6a5e01')
    .map(({ scopeString }) => scopeString)
  const chain = [...names, ...others]
  const text = chain.flatMap((name, i) => chain.slice(i + 1).map((below) => `${name}[${below}]`)).join(' ')
  expect(() => planConsents(parseScopes(text), emulator.world.scopes)).toThrow(ScopeSyntaxError)
  emulator.close()
})

function tryParse(text: string): ScopeGraph | undefined {
  try {
    return parseScopes(text)
  } catch (error) {
    if (error instanceof ScopeSyntaxError) return undefined
    throw error
  }
}
