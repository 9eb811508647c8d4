#!/usr/bin/env node
import { parseProxyConfig, proxyConfig, proxyConfigUsage } from './lib/proxy-config/proxy-config.ts'

const usage = `pierhead: Globus login for TypeScript web apps

  pierhead proxy-config apache|nginx …   print the configuration of a reverse proxy

pierhead COMMAND --help tells more.
`

const [command, ...rest] = process.argv.slice(2)
try {
  process.stdout.write(run())
} catch (error) {
  process.stderr.write(`pierhead: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}

function run(): string {
  if (command === undefined || command === '--help' || command === '-h') return usage
  if (command !== 'proxy-config')
    throw new Error(`There is no command ${JSON.stringify(command)}. See pierhead --help.`)
  const options = parseProxyConfig(rest)
  return options === 'help' ? proxyConfigUsage : proxyConfig(options)
}
