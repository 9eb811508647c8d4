import type { ClientType } from '../world/clients.ts'

/** A way to register an app, in the words of the Developers page of Globus. */
export interface AppKind {
  /** For `client add --type` and the form. */
  readonly name: string
  readonly title: string
  readonly clientType: ClientType
  /** Whether it may name the addresses that codes are sent to. */
  readonly takesRedirects: boolean
}

export const appKinds: readonly AppKind[] = [
  {
    name: 'portal',
    title: 'Register a portal, science gateway, or other application you host',
    clientType: 'confidential_client',
    takesRedirects: true,
  },
  {
    name: 'thick-client',
    title: 'Register a thick client or script that will be installed and run by users on their devices',
    clientType: 'public_installed_client',
    takesRedirects: true,
  },
  {
    name: 'browser-app',
    title: 'Register a single-page application that runs in the browser',
    clientType: 'public_webapp_client',
    takesRedirects: true,
  },
  {
    name: 'service-account',
    title: 'Register a service account or application credential for automation',
    clientType: 'client_identity',
    takesRedirects: false,
  },
  {
    name: 'service-api',
    title: 'Register a service API',
    clientType: 'resource_server',
    takesRedirects: false,
  },
]
