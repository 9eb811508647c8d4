import type { Upload } from './dropped.ts'
import { csrfToken, outcome, sendFile, type Sent, type SendOptions } from './send-file.ts'

/** Bytes. The refusal of a smaller body is heard after it was sent. */
const small = 1_000_000

/** Where the open folder is. */
export interface Destination {
  /** Address of the collection. */
  readonly address: string
  /** The folder, with a slash at its end. */
  readonly path: string
}

export interface AttemptOptions extends SendOptions {
  /** The folder was made a moment ago: nothing is in it. */
  readonly isNewFolder: boolean
  /** Whether what is there already is replaced. */
  readonly mayReplace: () => Promise<boolean>
}

/** Undefined: the person wants to keep what is there. */
export async function attemptFile(
  { address, path: open }: Destination,
  { folder, name }: Upload,
  { file, options }: { readonly file: File; readonly options: AttemptOptions },
): Promise<Sent | undefined> {
  const path = encodeURIComponent(open + folder + name)
  if (!options.isNewFolder || file.size > small) {
    // Asked before each file: a refusal that comes while a large body is on its way is hard to hear.
    const check = await ask(`${address}/upload-check?path=${path}`)
    if (check.sent.state !== 'done') return check.sent
    // As `handlers/files/upload.ts` writes it.
    const { exists } = JSON.parse(check.body) as { exists: boolean }
    if (exists && !(await options.mayReplace())) return undefined
  }
  return sendFile(`${address}/content?path=${path}`, file, options)
}

/** `isNew`: nothing of that name was there. */
export async function attemptFolder(
  { address, path }: Destination,
  { folder, name }: Upload,
): Promise<{ readonly sent: Sent; readonly isNew: boolean }> {
  const fields = { path: encodeURIComponent(path + folder), folder: encodeURIComponent(name), csrf_token: csrfToken() }
  const { body, sent } = await ask(`${address}/files/folder`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams(fields),
  })
  if (sent.state === 'failed' && /"code":"exists"/.test(body)) return { sent: { state: 'done' }, isNew: false }
  return { sent, isNew: sent.state === 'done' }
}

async function ask(address: string, init?: RequestInit): Promise<{ sent: Sent; body: string }> {
  try {
    const response = await fetch(address, init)
    // The portal's answer to a form that was carried out leads elsewhere.
    if (response.type === 'opaqueredirect') return { sent: { state: 'done' }, body: '' }
    const body = await response.text()
    return { sent: outcome(response.status, body), body }
  } catch {
    return { sent: { state: 'failed', reason: '' }, body: '' }
  }
}
