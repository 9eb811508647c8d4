import { LoginError } from '../../errors.ts'
import { maxCookieBytes, type OutgoingCookie } from './cookies.ts'
import type { RequestCookies } from './session-keeper.ts'

/** Cookies that one session may take, both values together. */
export const maxChunks = 3
/** Bytes of all session cookies; the rest of the 8 kB is for logins that are under way. */
export const maxSessionBytes = 6144

/** Cuts a sealed value into cookies: the first begins with the number of parts. */
export function writeChunks(name: string, value: string, maxAge: number): OutgoingCookie[] {
  const size = maxCookieBytes - name.length - 4
  const count = Math.max(1, Math.ceil(value.length / size))
  return Array.from({ length: count }, (_, index) => {
    const part = value.slice(index * size, (index + 1) * size)
    return { name: chunkName(name, index), value: index === 0 ? `${count}${part}` : part, maxAge }
  })
}

/** Undefined: the value is absent or a part is missing. Parts beyond the count are left over from before and ignored. */
export function readChunks(name: string, cookies: RequestCookies): string | undefined {
  const head = cookies.get(name)
  const count = Number(head?.[0])
  if (head === undefined || !(count >= 1 && count <= maxChunks)) return undefined
  if (count === 1) return head.slice(1)
  const parts = [head.slice(1)]
  for (let index = 1; index < count; index += 1) parts.push(cookies.get(chunkName(name, index)) ?? '')
  return parts.includes('') ? undefined : parts.join('')
}

/** Deletes the cookies of these values that the browser sent and that `written` does not replace. */
export function dropStaleChunks(
  names: readonly string[],
  cookies: RequestCookies,
  written: readonly OutgoingCookie[],
): OutgoingCookie[] {
  const kept = new Set(written.map((cookie) => cookie.name))
  return names
    .flatMap((name) => Array.from({ length: maxChunks }, (_, index) => chunkName(name, index)))
    .filter((name) => cookies.has(name) && !kept.has(name))
    .map((name) => ({ name, value: '', maxAge: 0 }))
}

/** Throws `session_too_large` with the numbers, at the moment of writing, so that nothing is lost silently. */
export function checkChunks(cookies: readonly OutgoingCookie[]): void {
  const bytes = cookies.reduce((sum, cookie) => sum + cookie.name.length + cookie.value.length + 3, 0)
  if (cookies.length <= maxChunks && bytes <= maxSessionBytes) return
  throw new LoginError(
    'session_too_large',
    `The session takes ${bytes} bytes in ${cookies.length} cookies; ${maxSessionBytes} bytes in ${maxChunks} are allowed. ` +
      'Use a session store, ask for fewer scopes, or keep less data in the session.',
  )
}

function chunkName(name: string, index: number): string {
  return index === 0 ? name : `${name}-${index}`
}
