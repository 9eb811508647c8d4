import type { Collection } from '../world/collections.ts'

/**
 * Splits text as the search does: punctuation is dropped, words are reduced to their stem, words that say nothing are left out.
 * https://docs.globus.org/api/transfer/endpoint_and_collection_search/
 */
export const searchTerms = (text: string): readonly string[] =>
  (
    text
      .normalize('NFKD')
      .toLowerCase()
      .match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
  )
    .map((word) => word.replace(/\p{M}/gu, ''))
    .filter((word) => word !== '' && !STOP_WORDS.has(word))
    .map(stem)

/** How well a collection answers: 0 when a term is missing; the name counts most. */
export function searchScore(terms: readonly string[], collection: Collection, owner: string): number {
  const fields: readonly (readonly [weight: number, text: string | null])[] = [
    [8, collection.displayName],
    [4, collection.keywords],
    [2, collection.organization],
    [2, collection.department],
    [1, collection.description],
    [1, owner],
  ]
  const words = fields.map(([weight, text]) => [weight, searchTerms(text ?? '')] as const)
  let score = 0
  for (const term of terms) {
    const best = Math.max(0, ...words.map(([weight, list]) => weight * quality(term, list)))
    if (best === 0) return 0
    score += best
  }
  return score
}

/** A whole word is worth twice its beginning. */
const quality = (term: string, words: readonly string[]): number =>
  words.includes(term) ? 2 : words.some((word) => word.startsWith(term)) ? 1 : 0

const STOP_WORDS = new Set(
  'a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was will with'.split(
    ' ',
  ),
)

/** Takes the commonest English endings away. */
function stem(word: string): string {
  if (word.length <= 3 || /\d/.test(word)) return word
  const singular = word.replace(/ies$/, 'y').replace(/([^su])s$/, '$1')
  const bare = singular.replace(/(?<=[aeiouy].*..)(?:ing|ed)$/, '')
  return bare === singular ? singular : bare.replace(/([^aeiouls])\1$/, '$1')
}
