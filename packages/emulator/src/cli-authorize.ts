import { parseArgs } from 'node:util'
import { findCredentials } from './running-emulator.ts'
import { authorizeForScript, type AuthorizeOrder } from './scripts/authorize-for-script.ts'

export interface AuthorizeCli extends AuthorizeOrder {
  /** Whether the app's address is opened too, as a browser would. */
  readonly follow: boolean
}

export const authorizeUsage = `pierhead-emulator authorize URL --as PERSON [--deny] [--follow]

Opens an authorization address of a running emulator and does on its pages what that person would.

  URL           the address that the program printed or would open
  --as PERSON   who logs in: id, username or name
  --deny        press Deny instead of Allow
  --info FILE   the emulator's file of --info, for people who need their password (default: the one in
                .pierhead/emulator, if there is one)
  --follow      open the app's address too, for programs that wait for the browser

Prints the code where Globus shows it for copying, else the address that the browser is sent to.
Status 1 when the answer is an error.
`

/** Reads the arguments after `authorize`. @throws TypeError naming what is missing */
export function parseAuthorize(args: readonly string[]): AuthorizeCli | 'help' {
  const { values, positionals } = parseArgs({
    args: [...args],
    strict: true,
    allowPositionals: true,
    options: {
      as: { type: 'string' },
      deny: { type: 'boolean', default: false },
      follow: { type: 'boolean', default: false },
      info: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return 'help'
  const [url, ...others] = positionals
  if (url === undefined || !URL.canParse(url) || others.length > 0)
    throw new TypeError('Give one authorization address')
  if (values.as === undefined) throw new TypeError('--as must name who logs in')
  const { as, follow, info } = values
  return { url, as, decision: values.deny ? 'deny' : 'allow', follow, ...findCredentials(as, info) }
}

/** Walks through the pages and gives what to print. @throws Error with the page's words, or the error that the app is told */
export async function runAuthorize(cli: AuthorizeCli): Promise<string> {
  const { location, code, error, error_description } = await authorizeForScript(cli, {})
  if (cli.follow) await follow(location)
  if (error !== null) throw new Error(`${error}: ${error_description ?? ''}\n${location}`)
  return code !== null && new URL(location).origin === new URL(cli.url).origin ? code : location
}

async function follow(location: string): Promise<void> {
  const response = await fetch(location)
  await response.body?.cancel()
}
