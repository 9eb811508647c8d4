import { userInfoRequest } from 'oauth4webapi'
import { LoginError } from '../../errors.ts'
import { client, server } from './client-authentication.ts'
import { callProvider } from './http.ts'
import { isJsonType, parseJsonObject, show } from './json.ts'
import type { Provider } from './provider.ts'

/**
 * Fetches the claims of the person (OpenID Connect Core 1.0 section 5.3). The answer counts only when it is about
 * `subject`, the subject of the verified ID token.
 *
 * @throws LoginError `userinfo_failed`, or a network error's code
 */
export async function fetchUserInfo(
  provider: Provider,
  accessToken: string,
  subject: string,
  signal?: AbortSignal,
): Promise<Record<string, unknown>> {
  const metadata = await provider.metadata.current(signal)
  if (!metadata.userinfoEndpoint) throw failed('the provider publishes no UserInfo endpoint')
  const answer = await callProvider(provider.options, { what: 'UserInfo endpoint', signal }, (options) =>
    userInfoRequest(server(metadata), client(provider), accessToken, options),
  )
  if (answer.status !== 200) throw failed(`the endpoint answered ${answer.status}`)
  const claims = isJsonType(answer.contentType) ? parseJsonObject(answer.body) : undefined
  if (!claims) throw failed(`expected a JSON object, got type ${show(answer.contentType)}`)
  if (claims['sub'] !== subject) throw failed('the answer is about another person')
  return { ...claims }
}

function failed(reason: string): LoginError {
  return new LoginError('userinfo_failed', `UserInfo cannot be used: ${reason}.`)
}
