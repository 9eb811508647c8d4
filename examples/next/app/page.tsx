import Link from 'next/link'
import { requireSession } from 'pierhead/next'
import { login } from '../lib/login'

export default async function Home() {
  const { claims, csrfToken, tokens } = await requireSession(login)
  const fields = {
    Username: claims.preferred_username,
    Email: claims.email,
    UUID: claims.sub,
    Organization: claims.organization,
    Provider: claims.identity_provider_display_name,
    'Tokens for': tokens.map((token) => token.resourceServer).join(', '),
  }
  return (
    <>
      <h1>Hello {claims.name ?? claims.preferred_username ?? 'nameless'}!</h1>
      <p>You are successfully logged in.</p>
      <dl>
        {Object.entries(fields).flatMap(([name, value]) => [
          <dt key={name}>{name}</dt>,
          <dd key={`${name} value`}>{value ?? 'none'}</dd>,
        ])}
      </dl>
      <p>
        <Link href="/endpoints">Your endpoints</Link>
      </p>
      <form method="post" action={login().logoutUrl}>
        <input type="hidden" name="csrf_token" value={csrfToken} />
        <button>Log out</button>
      </form>
    </>
  )
}
