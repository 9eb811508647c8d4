import { requestHost } from '../http/guard.ts'

/** Under which address each collection serves its files, and each endpoint its manager. */
export interface DataOrigins {
  /** `scheme://host:port`, or null as long as there is none. */
  of(id: string): string | null
  /** Whose origin a request was sent to, by its `Host`. */
  idFor(request: Request): string | undefined
  /** Gives an origin to what has none. @returns it, or null when none is left */
  open(id: string): Promise<string | null>
  close(id: string): Promise<void>
}

/** Origins whose host name holds the id, on one port: `http://{id}.data.example:8889`. */
export function templateOrigins(template: string): DataOrigins {
  const of = (id: string): string => template.replace('{id}', id)
  const [before = '', after = ''] = new URL(of(EXAMPLE)).host.split(EXAMPLE)
  return {
    of,
    idFor: (request) => {
      const host = requestHost(request)
      const id = host.slice(before.length, before.length + EXAMPLE.length)
      return host === before + id + after ? id : undefined
    },
    open: (id) => Promise.resolve(of(id)),
    close: () => Promise.resolve(),
  }
}

/** @throws TypeError for what is no origin with one `{id}` in its host name */
export function checkOriginTemplate(template: string): string {
  const example = template.replace('{id}', EXAMPLE)
  const isOrigin = URL.canParse(example) && new URL(example).origin === example && /^https?:/.test(example)
  if (isOrigin && new URL(example).hostname.includes(EXAMPLE)) return template
  throw new TypeError(`The template of data origins must look like http://{id}.data.example:8889, not ${template}`)
}

const EXAMPLE = '00000000-0000-4000-8000-000000000000'
