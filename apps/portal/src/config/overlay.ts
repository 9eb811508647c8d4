import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type ConfigFile, isRecord } from './config-file.ts'
import type { Problem } from './explain.ts'
import { isSecret, servicePrefix, variables } from './variables.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** The settings of the file with those of the environment put over them. */
export interface Settings {
  readonly value: Record<string, unknown>
  /** Where a key came from when it is not from its own place in the file, such as `PORT`. */
  readonly sources: ReadonlyMap<string, string>
  readonly problems: readonly Problem[]
}

interface Given {
  readonly key: string
  readonly source: string
  readonly value: string
  /** The value is the path of a file that holds it. */
  readonly inFile: boolean
}

/** `given`: the variables that are not empty. */
export function overlay(file: ConfigFile, given: Environment): Settings {
  const value = structuredClone(file.value)
  const sources = new Map<string, string>()
  const problems: Problem[] = []
  for (const { key, source, value: text, inFile } of [...fromSecretFiles(file), ...fromEnvironment(given)]) {
    const content = inFile ? readSecret(text) : text
    if (content === undefined) problems.push({ kind: 'unreadable', key: `${key}File`, source, value: text })
    put(value, key, content)
    if (isSecret(key)) put(value, `${key}File`, undefined)
    sources.set(key, source)
  }
  return { value, sources, problems: [...problems, ...contradictions(file, given)] }
}

function fromEnvironment(given: Environment): Given[] {
  const own = variables.flatMap(({ name, key, secret }): Given[] => [
    ...one(given, secret === true ? `${name}_FILE` : '', { key, inFile: true }),
    ...one(given, name, { key, inFile: false }),
  ])
  const services = Object.keys(given).filter((name) => name.startsWith(servicePrefix))
  const keyOf = (name: string) => `globus.services.${name.slice(servicePrefix.length)}`
  return [...own, ...services.flatMap((name) => one(given, name, { key: keyOf(name), inFile: false }))]
}

function one(given: Environment, name: string, setting: Pick<Given, 'key' | 'inFile'>): Given[] {
  const value = given[name]
  return value === undefined ? [] : [{ ...setting, source: name, value }]
}

/** `clientSecretFile` beside `clientId`: its path begins at the folder of the file. */
function fromSecretFiles(file: ConfigFile): Given[] {
  return variables.flatMap(({ key }) => {
    const path = isSecret(key) ? get(file.value, `${key}File`) : undefined
    if (typeof path !== 'string') return []
    return [{ key, source: `${key}File`, value: resolve(file.folder, path), inFile: true }]
  })
}

function contradictions({ value, name }: ConfigFile, given: Environment): Problem[] {
  return variables
    .filter(({ secret }) => secret)
    .flatMap((variable): Problem[] => {
      const inVariables = given[variable.name] !== undefined && given[`${variable.name}_FILE`] !== undefined
      const inFile = get(value, variable.key) !== undefined && get(value, `${variable.key}File`) !== undefined
      return [
        ...(inVariables ? [{ kind: 'twice', names: [variable.name, `${variable.name}_FILE`] } as const] : []),
        ...(inFile ? [{ kind: 'twice', names: [variable.key, `${variable.key}File`], file: name } as const] : []),
      ]
    })
}

/** Editors and `echo` end a file with a line end that is no part of the secret. */
function readSecret(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '')
  } catch {
    return undefined
  }
}

export function get(value: unknown, key: string): unknown {
  return key.split('.').reduce<unknown>((at, part) => (isRecord(at) ? at[part] : undefined), value)
}

/** Where something else stands in the way, that is wrong by itself and stays to be found. */
function put(value: Record<string, unknown>, key: string, content: string | undefined): void {
  const parts = key.split('.')
  const last = parts.pop() ?? ''
  let at = value
  for (const part of parts) {
    const next = at[part] ?? (content === undefined ? undefined : {})
    if (!isRecord(next)) return
    at[part] = next
    at = next
  }
  if (content === undefined) delete at[last]
  else at[last] = content
}
