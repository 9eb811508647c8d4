import fc from 'fast-check'
import { vi } from 'vitest'
import { demo } from '../../src/index.ts'

/** Cases of each family; `npm run test:fuzz` takes more. */
const cases = Number(process.env['PIERHEAD_FUZZ_CASES'] ?? 2000)

/** Lets the tests of a file last as long as that many cases take on a slow machine. */
export const allowTime = (): void => {
  vi.setConfig({ testTimeout: 120_000 + cases * 30 })
}

/** What is wrong with an answer; empty when nothing is. */
export type Problems = readonly string[]

/** Judges every case of a family. @throws Error with the seed and the smallest case for which something is wrong */
export const everyCase = async <Case>(
  family: fc.Arbitrary<Case>,
  judge: (one: Case) => Promise<Problems>,
): Promise<void> => {
  const property = fc.asyncProperty(family, async (one) => {
    const problems = await judge(one)
    if (problems.length > 0) throw new Error(problems.join('; '))
  })
  return fc.assert(property, { numRuns: cases })
}

/** The problem, unless what is demanded holds. */
export const unless = (holds: boolean, problem: string): Problems => (holds ? [] : [problem])

/** The words of a text. */
export const words = (text: string): readonly string[] => text.split(/\s+/)

/** Whether the emulator itself failed: 501 says that it does not imitate an address or a grant. */
export const failed = ({ status }: Response): boolean => status >= 500 && status !== 501

/** Whether text shows the inside of the emulator. */
export const showsStack = (text: string): boolean => /\n\s+at /.test(text)

/** The keys of a JSON object; none for anything else. */
export const keysOf = (text: string): readonly string[] => {
  try {
    const answer: unknown = JSON.parse(text)
    return typeof answer === 'object' && answer !== null ? Object.keys(answer) : []
  } catch {
    return []
  }
}

/** Text that programs stumble over. */
export const nasty: fc.Arbitrary<string> = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    ' ',
    '\0',
    '../..',
    "' OR 1=1 --",
    '<script>',
    '%00',
    '%',
    '🌊',
    'x'.repeat(5000),
    '__proto__',
    'constructor',
    'null',
    '-1',
    '1e999',
  ),
)

/** Ids and names that exist; not that of the client by which the tests themselves log in, which one of the cases would delete. */
export const known: fc.Arbitrary<string> = fc.constantFrom(
  demo.projects.harbour,
  demo.people.maya,
  demo.clients.browserApp,
  demo.policies.hospital,
  'openid',
)

/** Scopes that are right, nearly right and not at all right. */
export const scopes: fc.Arbitrary<string> = fc.oneof(
  fc.string({
    unit: fc.constantFrom('openid', 'email', 'urn:globus:auth:scope:', 'a', '[', ']', '*', ' ', '\t', ',', '+', 'é'),
    maxLength: 16,
  }),
  fc
    .tuple(fc.constantFrom('openid', 'urn:globus:auth:scope:transfer.api.globus.org:all'), nasty)
    .map(([scope, inner]) => `${scope}[${inner}]`),
  fc.nat(40).map((depth) => `${'openid['.repeat(depth)}email${']'.repeat(depth)}`),
)

/** Parameters of those names and others, some of them twice. */
export const parameters = (names: readonly string[]): fc.Arbitrary<[string, string][]> =>
  fc.array(fc.tuple(fc.oneof(fc.constantFrom(...names), nasty), fc.oneof(nasty, scopes, known)), { maxLength: 8 })

/** JSON with those keys and others, in which anything may stand anywhere. */
export const documents = (keys: readonly string[]): fc.Arbitrary<unknown> =>
  fc.letrec((tie) => ({
    document: fc.oneof(
      { depthSize: 'small', maxDepth: 4 },
      fc.oneof(nasty, known, fc.double(), fc.boolean(), fc.constant(null)),
      fc.array(tie('document'), { maxLength: 3 }),
      fc.dictionary(fc.oneof(fc.constantFrom(...keys), nasty), tie('document'), { maxKeys: 5 }),
    ),
  })).document

/** Headers of those names whose values a request can have, which is most of Latin-1. */
export const headers = (names: readonly string[]): fc.Arbitrary<Record<string, string>> =>
  fc.dictionary(
    fc.constantFrom(...names),
    fc.oneof(
      fc.string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)), maxLength: 60 }),
      fc.base64String().map((text) => `Basic ${text}`),
      fc.constantFrom(
        'Bearer',
        'Bearer  ',
        'Basic',
        'Basic Og==',
        '=;=;',
        'null',
        'application/json',
        '*/*',
        'bytes=0-',
      ),
      fc.constant('a=b; '.repeat(400)),
    ),
    { maxKeys: 4, noNullPrototype: true },
  )
