import * as z from 'zod'

/** An authorization request that passed its checks, as it waits for the person and then stands behind a code. */
export interface AuthorizationRequest {
  readonly clientId: string
  readonly redirectUri: string
  /** The scope parameter as it was sent. */
  readonly scope: string
  readonly state: string | null
  readonly nonce: string | null
  readonly codeChallenge: string | null
  readonly codeChallengeMethod: 'S256' | 'plain' | null
  /** Whether refresh tokens were asked for, by `access_type=offline` or the scope `offline_access`. */
  readonly offline: boolean
  readonly prompt: readonly ('login' | 'consent' | 'none')[]
  readonly sessionMessage: string | null
  readonly requiredIdentities: readonly string[]
  readonly requiredDomains: readonly string[]
  /** Ids of policies, all of which must be met. */
  readonly requiredPolicies: readonly string[]
  /** Whether the required identities or domain must have logged in with a second factor. */
  readonly requiredMfa: boolean
}

const schema: z.ZodType<AuthorizationRequest> = z.object({
  clientId: z.string(),
  redirectUri: z.string(),
  scope: z.string(),
  state: z.string().nullable(),
  nonce: z.string().nullable(),
  codeChallenge: z.string().nullable(),
  codeChallengeMethod: z.enum(['S256', 'plain']).nullable(),
  offline: z.boolean(),
  prompt: z.array(z.enum(['login', 'consent', 'none'])),
  sessionMessage: z.string().nullable(),
  requiredIdentities: z.array(z.string()),
  requiredDomains: z.array(z.string()),
  requiredPolicies: z.array(z.string()).default([]),
  requiredMfa: z.boolean().default(false),
})

/** Reads back what was stored. @throws ZodError when the stored text is not such a request */
export const parseAuthorizationRequest = (stored: string): AuthorizationRequest => schema.parse(JSON.parse(stored))
