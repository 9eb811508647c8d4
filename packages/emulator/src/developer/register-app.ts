import { findRedirectProblem } from '../auth/redirect-uri.ts'
import { isPublic, type Client } from '../world/clients.ts'
import { appKinds } from './app-kinds.ts'
import { addCredential, registerClient, type RegistrationTools } from './register-client.ts'

/** What was said about an app cannot be registered. The message is for the person who typed it. */
export class RegistrationError extends TypeError {
  override readonly name = 'RegistrationError'
}

/** What a person says about an app. */
export interface AppRegistration {
  readonly name: string
  /** One of `appKinds`, or the client type that it stands for. */
  readonly type: string
  readonly redirectUris: readonly string[]
  /** A project to put it in; null for none. */
  readonly project: string | null
}

export interface RegisteredApp {
  readonly client: Client
  /** Null for public clients. */
  readonly secret: string | null
}

/**
 * Registers an app and makes its first secret. Runs in the caller's transaction.
 *
 * @throws RegistrationError naming what is wrong, for the person who typed it
 */
export function registerApp(registration: AppRegistration, tools: RegistrationTools): RegisteredApp {
  const { name, type, redirectUris, project } = registration
  const kind = appKinds.find((known) => known.name === type || known.clientType === type)
  if (kind === undefined)
    throw new RegistrationError(`type must be one of ${appKinds.map((known) => known.name).join(', ')}`)
  if (name.trim() === '') throw new RegistrationError('name is missing')
  if (!kind.takesRedirects && redirectUris.length > 0)
    throw new RegistrationError(`a ${kind.name} has no redirect address`)
  for (const uri of redirectUris) {
    const problem = findRedirectProblem(uri)
    if (problem !== undefined) throw new RegistrationError(`redirect address ${uri} ${problem}`)
  }
  const links = { parentClient: null, privacyPolicy: null, termsAndConditions: null }
  const client = registerClient(
    { ...links, name: name.trim(), clientType: kind.clientType, redirectUris, project },
    tools,
  )
  const secret = isPublic(client) ? null : addCredential(client.id, 'Made with the client', tools).secret
  return { client, secret }
}

/** The lines of a `.env` file by which an app finds its registration and the emulator. */
export function envLines({ client, secret }: RegisteredApp, issuer: string): readonly string[] {
  const [redirectUri] = client.redirectUris
  return [
    `GLOBUS_CLIENT_ID=${client.id}`,
    ...(secret === null ? [] : [`GLOBUS_CLIENT_SECRET=${secret}`]),
    ...(redirectUri === undefined ? [] : [`GLOBUS_REDIRECT_URI=${redirectUri}`]),
    `GLOBUS_SDK_SERVICE_URL_AUTH=${issuer}/`,
  ]
}
