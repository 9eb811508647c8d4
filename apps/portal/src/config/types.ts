/** Everything the portal is told from outside. Read once, at start. */
export interface PortalConfig extends ServerConfig {
  readonly site: SiteConfig
  /** What people can do here: look at published datasets, browse collections, or both. */
  readonly mode: 'datasets' | 'browser' | 'both'
  /** What everybody needs who wants more than the home page and the own account. Undefined: nothing. */
  readonly access: AccessRule | undefined
  readonly admins: Admins
  readonly datasets: readonly DatasetConfig[]
  readonly search: SearchConfig | undefined
  /** Where each setting came from, for the people who run the portal. */
  readonly origins: readonly SettingOrigin[]
}

export interface ServerConfig {
  readonly port: number
  /** Which addresses the portal listens on. `everywhere` is for containers. */
  readonly listen: 'loopback' | 'everywhere'
  /** Folder that keeps sessions between starts; relative to the working directory. */
  readonly dataFolder: string
  /** The first seals, all open. */
  readonly sessionSecrets: readonly string[]
  /** Redis or PostgreSQL, for sessions that several portals share. Undefined: a file in the data folder. */
  readonly sessionStoreUrl: string | undefined
  readonly clientId: string
  readonly clientSecret: string
  /** The exact registered string. The public address of the portal comes from it. */
  readonly redirectUri: string
  readonly environment: 'production' | 'preview'
  /** Globus Auth, without a slash at the end. */
  readonly issuer: string
  /** Addresses of Globus services that are not the usual ones, by name such as `TRANSFER`. */
  readonly services: Readonly<Record<string, string>>
  /** Whether people may see their own access tokens. Never true with `NODE_ENV=production`. */
  readonly revealTokens: boolean
  /** What a reader of `/metrics` must send. Undefined: nobody may read them. */
  readonly metricsToken: string | undefined
}

/** How the portal looks and what it calls itself. */
export interface SiteConfig {
  readonly name: string
  /** Absolute path of an image. */
  readonly logo: string | undefined
  /** Colours of links and buttons, as `#rrggbb`. */
  readonly accent: { readonly light: string | undefined; readonly dark: string | undefined }
  /** Stands on the home page before login. Markdown. */
  readonly welcome: string | undefined
  /** Whom to ask for access or help: an e-mail address or an https address. */
  readonly contact: string | undefined
  readonly links: readonly SiteLink[]
}

export interface SiteLink {
  readonly text: string
  readonly href: string
}

/** Conditions of which each one that is named must be met; of the values of one condition any will do. */
export interface AccessRule {
  readonly groups: readonly string[]
  readonly domains: readonly string[]
  readonly identities: readonly string[]
}

/** Who may see the operator's pages: one of the identities, or a member of one of the groups. */
export interface Admins {
  readonly identities: readonly string[]
  readonly groups: readonly string[]
}

/** A published folder of a collection. */
export interface DatasetConfig {
  /** Last part of its address. */
  readonly id: string
  readonly title: string
  /** Markdown. */
  readonly text: string
  /** Absolute path of an image. */
  readonly image: string | undefined
  readonly imageText: string
  readonly collection: string
  /** Begins and ends with a slash. */
  readonly path: string
  readonly licence: { readonly name: string; readonly href: string | undefined } | undefined
  readonly citation: string | undefined
  /** Bytes of the whole of it, as those who publish it say. Undefined: it is counted. */
  readonly size: number | undefined
  /** Files in the whole of it, likewise. */
  readonly files: number | undefined
  readonly keywords: readonly string[]
  readonly contact: string | undefined
  readonly access: AccessRule | undefined
  /** What the portal's own identity may give to whoever meets the conditions: nothing, or a permission to read. */
  readonly grant: 'read' | undefined
}

/** A Globus Search index and how its records are shown. */
export interface SearchConfig {
  readonly index: string
  readonly title: string
  /** Field that holds the heading of a record. */
  readonly heading: string
  /** Fields shown with each result. */
  readonly fields: readonly SearchField[]
  readonly facets: readonly SearchField[]
  readonly pageSize: number
}

export interface SearchField {
  readonly field: string
  readonly title: string
}

export interface SettingOrigin {
  /** As in the file: `globus.clientId`. */
  readonly key: string
  /** The value in words; of a secret only its length. */
  readonly value: string
  /** `PORT`, `portal.yaml, line 3`, `the default`. */
  readonly from: string
}

/** The settings are wrong. The message names each of them, what it holds, and the remedy. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
}
