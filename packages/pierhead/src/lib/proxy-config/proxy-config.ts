import { apacheConfig } from './apache.ts'
import { nginxConfig } from './nginx.ts'
import type { ProxyConfigOptions } from './options.ts'

export { parseProxyConfig, proxyConfigUsage } from './options.ts'

/** The text of a configuration file. */
export function proxyConfig(options: ProxyConfigOptions): string {
  return options.server === 'apache' ? apacheConfig(options) : nginxConfig(options)
}
