import { AuthorizationResponseError, type ErrorCode, type PierheadError } from '../../errors.ts'

/** What a person is told, and what the operator should check. */
export interface Problem {
  readonly code: ErrorCode
  readonly status: number
  readonly title: string
  /** What happened and what to do, for the person. */
  readonly advice: string
  /** What to check, for the operator. */
  readonly check: string
}

/** @internal */
export type Entry = readonly [status: number, title: string, advice: string, check: string]

const again = 'Nothing was changed. Please try to log in again.'
const later = 'Please try again in a few minutes. If it goes on, tell the people who run this site.'

/** @internal Also the source of `docs/errors.md`. */
export const entries: Record<ErrorCode, Entry> = {
  access_denied: [
    403,
    'You did not allow access',
    'You chose not to let this site use your account, so you are not logged in. You can log in again whenever you like.',
    'Nothing: the person declined the consent.',
  ],
  authorization_error: [
    400,
    'The login was not completed',
    again,
    'The error of the authorization endpoint is in this line; compare scopes and client settings with the registration.',
  ],
  authorization_required: [
    403,
    'One more step is needed',
    'A Globus service asks for a consent or another login before it goes on.',
    'What the service asks for is in this line; the application did not send the person to a login with it.',
  ],
  client_rejected: [
    502,
    'This site could not identify itself',
    later,
    'The client secret was refused. Compare clientId and clientSecret with the registration; a deleted secret stops working at once.',
  ],
  code_rejected: [
    400,
    'The login could not be completed',
    again,
    'The authorization code was refused: used before, expired, or issued for another redirect URI.',
  ],
  collection_refused: [
    502,
    'This collection cannot be used',
    later,
    'No token was sent: the address of the collection is not https, is private, or redirects. The reason is in this line.',
  ],
  csrf_refused: [
    403,
    'This request was refused',
    'It did not come from a page of this site. Go back, reload the page and try again.',
    'Unsafe requests need our Origin and the token as X-CSRF-Token or csrf_token.',
  ],
  globus_answer_invalid: [
    502,
    'A Globus service has a problem',
    later,
    'The service sent something that is not the JSON it promises, or too much of it. Does a proxy answer in its place?',
  ],
  globus_service_error: [
    502,
    'A Globus service refused this',
    later,
    'Service, status, code and request id are in this line.',
  ],
  globus_service_timeout: [
    503,
    'A Globus service did not answer in time',
    later,
    'The service was too slow, or asked us to wait too often.',
  ],
  globus_service_unreachable: [
    503,
    'A Globus service cannot be reached',
    later,
    'No connection to the service; the cause is in this line. Is a proxy needed (Node ignores HTTPS_PROXY unless NODE_USE_ENV_PROXY=1)?',
  ],
  globus_token_refused: [
    401,
    'Please log in again',
    'A Globus service no longer takes this login. Log out and in again.',
    'The service answered 401 to a token that had not expired. Was it revoked, or is it a token of another environment?',
  ],
  form_expired: [
    400,
    'The form is not kept any more',
    'It was not sent. Please fill it in again.',
    'Ten minutes passed; or sessions live in cookies, and another process kept the form.',
  ],
  group_required: [
    403,
    'This is for members of a group',
    'None of your identities is in the group, or not in the role that is needed.',
    'Nothing: the person is not in the group named in this line. A change in the group takes effect within a minute.',
  ],
  identity_mismatch: [
    403,
    'You logged in as somebody else',
    'Nothing was changed: you are still logged in as before. To go on as the other person, log out first.',
    'Nothing: a step-up came back with another subject, and its tokens were revoked.',
  ],
  invalid_callback: [
    400,
    'This login address is not valid',
    again,
    'The callback had repeated or malformed parameters.',
  ],
  invalid_id_token: [
    502,
    'The login could not be verified',
    later,
    'The ID token failed a check named in this line. Compare clocks first, then issuer and client id.',
  ],
  invalid_request: [400, 'This request is not valid', 'Go back and try again.', 'The request was malformed.'],
  invalid_token_response: [
    502,
    'The login could not be completed',
    later,
    'The token endpoint sent something that is not a token response. Is the issuer right? Does a proxy answer in its place?',
  ],
  issuer_mismatch: [
    400,
    'The login came from another provider',
    again,
    'The issuer in the answer is not the configured one.',
  ],
  login_expired: [
    400,
    'The login took too long',
    'A login has to be finished within ten minutes. Please start again.',
    'Nothing, unless it happens to everybody: then compare clocks.',
  ],
  login_refused: [403, 'You are not allowed in', 'This site refused the login.', 'onLogin refused the person.'],
  login_replayed: [
    400,
    'This login was used already',
    'Each login works once. If you are not logged in, please start again.',
    'The same callback arrived twice; a reload does that.',
  ],
  login_required: [401, 'Please log in', 'This page needs a login.', 'Nothing.'],
  method_not_allowed: [
    405,
    'This request is not valid',
    'Go back and try again.',
    'The route does not take this method.',
  ],
  provider_error: [
    503,
    'The login service has a problem',
    later,
    'The provider answered with an error; status and cause are in this line.',
  ],
  provider_timeout: [
    503,
    'The login service did not answer in time',
    later,
    'The provider was too slow. Is the network slow, or a proxy needed?',
  ],
  provider_unreachable: [
    503,
    'The login service cannot be reached',
    later,
    'No connection to the provider; the cause is in this line. Is the issuer right, is a proxy needed (Node ignores HTTPS_PROXY unless told)?',
  ],
  requirements_unmet: [
    403,
    'Your login is not enough for this',
    'You logged in again as it was asked for, twice, and the service still wants more. Perhaps it needs another of your identities.',
    'The requirement of the service is in this line. Can this person meet it at all?',
  ],
  session_too_large: [
    500,
    'The login could not be kept',
    later,
    'The session does not fit into cookies. Configure a session store.',
  ],
  store_unavailable: [503, 'This site has a problem', later, 'The session store failed; the cause is in this line.'],
  token_missing: [
    500,
    'This page is not set up correctly',
    later,
    'The login never asks for a token of that resource server: add one of its scopes to `scopes`.',
  ],
  unknown_login: [
    400,
    'This login cannot be continued here',
    'It was started in another browser, too long ago, or cookies are off. Please start again.',
    'Nothing, unless it happens to everybody: then look whether cookies arrive, and whether the address in the browser is that of redirectUri.',
  ],
  userinfo_failed: [
    502,
    'The login could not be completed',
    later,
    'UserInfo failed or named another subject; the cause is in this line.',
  ],
}

export function problemOf(error: PierheadError): Problem {
  const [status, title, advice, check] = entries[error.code]
  const denied = error instanceof AuthorizationResponseError && error.code === 'authorization_error'
  return {
    code: error.code,
    status,
    title,
    advice: denied ? `The login service said ${error.error}. ${advice}` : advice,
    check,
  }
}
