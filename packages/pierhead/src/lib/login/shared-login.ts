import type { Login } from './login.ts'

/** A login, or what gives it when it is first needed. */
export type LoginSource<Data> = Login<Data> | (() => Login<Data>)

export function loginOf<Data>(source: LoginSource<Data>): Login<Data> {
  return typeof source === 'function' ? source() : source
}

const place = Symbol.for('pierhead.logins')

/**
 * One login for the whole process, made when it is first asked for. Bundlers load a module several times in one process,
 * and development servers at every change; what a login remembers must not fall apart with them.
 */
export function shareLogin<Data>(create: () => Login<Data>, name: string): () => Login<Data> {
  return () => {
    // Copies of this module know nothing of each other but this place, where only this function puts anything.
    const holder = globalThis as { [place]?: Map<string, Login<Data>> }
    const logins = (holder[place] ??= new Map())
    const known = logins.get(name)
    if (known !== undefined) return known
    const created = create()
    logins.set(name, created)
    return created
  }
}
