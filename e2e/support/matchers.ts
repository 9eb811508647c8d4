import { expect } from 'vitest'

// vitest's own matchers are of type any, which would switch off the checks around them.

export const containing = (part: string): unknown => expect.stringContaining(part)

export const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern)

export const including = (...members: readonly unknown[]): unknown => expect.arrayContaining([...members])

/** Within 50 of the number. */
export const near = (number: number): unknown => expect.closeTo(number, -2)
