import { createUserAgent, type UserAgentOptions } from '../user-agent.ts'

/** A login that a script wants done. */
export interface AuthorizeOrder {
  /** The authorization address that the app would open. */
  readonly url: string
  /** Id, username or name of the person. */
  readonly as: string
  /** For somebody who needs one. */
  readonly password?: string | undefined
  /** Default `allow`. */
  readonly decision?: 'allow' | 'deny' | undefined
}

/** Where the browser was sent, and what it brings to the app. */
export interface AuthorizeResult {
  readonly location: string
  readonly code: string | null
  readonly state: string | null
  readonly error: string | null
  readonly error_description: string | null
}

/**
 * Walks through the pages as that person would.
 *
 * @throws Error with the page's words when the emulator shows an error page, or does not offer that person
 */
export async function authorizeForScript(order: AuthorizeOrder, options: UserAgentOptions): Promise<AuthorizeResult> {
  const person = { as: order.as, password: order.password, deny: order.decision === 'deny' }
  const location = await createUserAgent(options).authorize(order.url, person)
  const value = (name: string): string | null => location.searchParams.get(name)
  return {
    location: location.href,
    code: value('code'),
    state: value('state'),
    error: value('error'),
    error_description: value('error_description'),
  }
}
