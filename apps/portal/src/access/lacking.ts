/** A condition that somebody does not meet. */
export type Lacking =
  | { readonly kind: 'group'; readonly groups: readonly LackingGroup[] }
  | { readonly kind: 'domain'; readonly domains: readonly string[] }
  | { readonly kind: 'identity' }
  | { readonly kind: 'admin' }

export interface LackingGroup {
  readonly id: string
  /** As Groups has it, a stranger's text; undefined when the person may not see the group. */
  readonly name: string | undefined
  /** Where they can ask to be let in. */
  readonly joinUrl: string | undefined
}

/** Somebody is logged in, and that is not enough. The portal answers with a page that says what is missing. */
export class AccessRefusedError extends Error {
  override readonly name = 'AccessRefusedError'
  readonly lacking: readonly Lacking[]
  /** Whom to ask; undefined: nobody was named. */
  readonly contact: string | undefined

  constructor(lacking: readonly Lacking[], contact: string | undefined) {
    super(`Access was refused: ${lacking.map(({ kind }) => kind).join(', ')}.`)
    this.lacking = lacking
    this.contact = contact
  }
}
