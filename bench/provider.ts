import { createHash, randomBytes } from 'node:crypto'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

const issuer = 'https://auth.example.org'
const servers = [
  ['auth.globus.org', 'email openid profile'],
  ['transfer.api.globus.org', 'urn:globus:auth:scope:transfer.api.globus.org:all'],
  ['groups.api.globus.org', 'urn:globus:auth:scope:groups.api.globus.org:view_my_groups_and_memberships'],
] as const

export interface BenchProvider {
  readonly issuer: string
  readonly fetch: typeof fetch
}

/**
 * An OpenID provider as a `fetch` function: it knows whoever asks, each code as another person, and answers with tokens
 * of three resource servers in the shape of Globus Auth. Codes look like `nonce.number`.
 */
export async function createProvider(clientId: string): Promise<BenchProvider> {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256', use: 'sig' }] }

  const idToken = (person: number, nonce: string, accessToken: string): Promise<string> => {
    const atHash = createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url')
    return new SignJWT({ ...personOf(person), nonce, at_hash: atHash })
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuer(issuer)
      .setAudience(clientId)
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(privateKey)
  }

  const answer = async (url: string, body: URLSearchParams): Promise<unknown> => {
    if (url.endsWith('/.well-known/openid-configuration')) return metadata
    if (url.endsWith('/jwk.json')) return jwks
    const [nonce = '', person = ''] = (body.get('code') ?? '').split('.')
    const [first, ...others] = tokensOf()
    return { ...first, other_tokens: others, id_token: await idToken(Number(person), nonce, first?.access_token ?? '') }
  }

  return {
    issuer,
    fetch: async (input, init) => {
      const url = input instanceof Request ? input.url : String(input)
      const body = new URLSearchParams(init?.body instanceof URLSearchParams ? init.body : undefined)
      return Response.json(await answer(url, body))
    },
  }
}

/** Without UserInfo: the ID token says everything. */
const metadata = {
  issuer,
  authorization_endpoint: `${issuer}/v2/oauth2/authorize`,
  token_endpoint: `${issuer}/v2/oauth2/token`,
  jwks_uri: `${issuer}/jwk.json`,
  id_token_signing_alg_values_supported: ['ES256'],
}

/** Every person's page has the same length, so that one bare server can stand beside all of them. */
export function personOf(person: number) {
  const number = String(person).padStart(4, '0')
  return {
    sub: `5f1d7c2e-8a3b-4c6d-9e0f-00000000${number}`,
    name: `Ingrid Halvorsen ${number}`,
    preferred_username: `ingrid${number}@fjordlab.example`,
    email: `ingrid${number}@fjordlab.example`,
    organization: 'Fjord Laboratory',
    identity_provider: '41143743-f3c8-4d60-bbdb-eeecaba85bd9',
    identity_provider_display_name: 'Globus ID',
  }
}

/** The tokens of one person, as the token endpoint of Globus Auth answers them. */
export const tokensOf = () => servers.map(tokenFor)

function tokenFor([resource_server, scope]: readonly [string, string]): {
  access_token: string
  [field: string]: unknown
} {
  return {
    access_token: `Ag${randomBytes(46).toString('hex').slice(0, 91)}`,
    token_type: 'Bearer',
    expires_in: 172_800,
    resource_server,
    scope,
  }
}
