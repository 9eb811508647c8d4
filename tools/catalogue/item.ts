/** A line of the catalogue: an attack, a mistake or a failure. */
export interface Item {
  readonly id: string
  readonly title: string
  /** Why no test bears its number. */
  readonly without?: readonly [kind: 'not applicable' | 'later', reason: string]
}

/** A weakness that was found in another project, and the lines that it is an example of. */
export interface Advisory {
  readonly id: string
  readonly project: string
  readonly items: readonly string[]
}
