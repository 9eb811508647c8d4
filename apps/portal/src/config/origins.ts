import { type ConfigFile, isRecord } from './config-file.ts'
import { get } from './overlay.ts'
import { remedies } from './remedies.ts'
import type { SettingOrigin } from './types.ts'
import { isSecret } from './variables.ts'

interface Origins {
  readonly file: ConfigFile
  /** The settings as they are used. */
  readonly used: unknown
  readonly sources: ReadonlyMap<string, string>
}

/** Every setting, its value, and who said so. */
export function describeOrigins({ file, used, sources }: Origins): SettingOrigin[] {
  const given = get(used, 'globus.services')
  const services = Object.keys(isRecord(given) ? given : {}).map((name) => `globus.services.${name}`)
  const keys = Object.keys(remedies).filter(
    (key) => !/[[*]|File$/.test(key) && key !== 'globus.services' && !key.startsWith('access.require'),
  )
  const inOrder = keys.flatMap((key) => [
    key,
    ...(key === 'globus.environment' ? services : key === 'mode' ? ['access'] : []),
  ])
  return inOrder.map((key) => ({
    key,
    value: inWords(key, get(used, key)),
    from: fromWhere(key, { file, used, sources }),
  }))
}

function fromWhere(key: string, { file, sources }: Origins): string {
  const source = sources.get(key)
  if (source !== undefined) return source.includes('.') ? `${file.name}, ${source}` : source
  if (get(file.value, key) === undefined) return 'default'
  return `${file.name}, line ${file.line(key.split('.'))}`
}

function inWords(key: string, value: unknown): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return 'not set'
  if (isSecret(key)) return `hidden, ${Buffer.byteLength(Array.isArray(value) ? value.join(',') : textOf(value))} bytes`
  if (Array.isArray(value)) {
    return value.every((one) => typeof one === 'string') ? value.join(', ') : `${value.length} in the list`
  }
  return textOf(value)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
