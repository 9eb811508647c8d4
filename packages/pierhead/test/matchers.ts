import { expect } from 'vitest'

// Vitest types its matchers as `any`; inside an object that is compared, `unknown` is enough.

/** Text that has this part. */
export const containing = (part: string): unknown => expect.stringContaining(part)

/** Text without this part. */
export const without = (part: string): unknown => expect.not.stringContaining(part)

/** Text that fits the pattern. */
export const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern)

/** An object with these properties, and others. */
export const having = (part: object): unknown => expect.objectContaining(part)
