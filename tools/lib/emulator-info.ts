import { existsSync, readFileSync } from 'node:fs'

/** One person of the emulator's world. */
export interface Person {
  readonly username: string
  readonly password: string
  readonly name: string
  readonly email: string
  readonly organization: string
}

/** What the tooling needs of the file that the emulator writes once it is ready. */
export interface EmulatorInfo {
  readonly url: string
  readonly env: Readonly<Record<string, string>>
  readonly people: readonly Person[]
  readonly clients: readonly EmulatorClient[]
}

/** A registered application. */
export interface EmulatorClient {
  readonly clientId: string
  readonly clientSecret: string
  readonly redirectUris: readonly string[]
}

/** Reads the emulator's info file. Undefined: it is not there, or not written to its end yet. */
export function readEmulatorInfo(file: string): EmulatorInfo | undefined {
  if (!existsSync(file)) return undefined
  const info = parseJson(readFileSync(file, 'utf8'))
  if (info === undefined) return undefined
  return {
    url: text(info.url),
    env: Object.fromEntries(Object.entries(record(info.env)).map(([name, value]) => [name, text(value)])),
    people: list(info.identities).map((one) => ({
      username: text(one.username),
      password: text(one.password),
      name: text(one.name),
      email: text(one.email),
      organization: text(one.organization),
    })),
    clients: list(info.clients).map((one) => ({
      clientId: text(one.client_id),
      clientSecret: text(one.client_secret),
      redirectUris: Array.isArray(one.redirect_uris) ? one.redirect_uris.map(text) : [],
    })),
  }
}

function parseJson(json: string): Record<string, unknown> | undefined {
  try {
    return record(JSON.parse(json))
  } catch {
    return undefined
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
}

function list(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(record) : []
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
