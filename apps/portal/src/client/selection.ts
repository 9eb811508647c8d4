/** What is chosen in a listing, by name. It outlives a way through Globus and back. */
export class Selection {
  readonly #names = new Set<string>()
  readonly #key: string
  readonly #changed: () => void

  /** `place` names the folder; `changed` is called after each change. */
  constructor(place: string, changed: () => void) {
    this.#key = `selection ${place}`
    this.#changed = changed
  }

  get size(): number {
    return this.#names.size
  }

  get names(): ReadonlySet<string> {
    return this.#names
  }

  has(name: string): boolean {
    return this.#names.has(name)
  }

  set(names: Iterable<string>, isChosen: boolean): void {
    for (const name of names) {
      if (isChosen) this.#names.add(name)
      else this.#names.delete(name)
    }
    this.#keep()
  }

  replace(names: Iterable<string>): void {
    this.#names.clear()
    this.set(names, true)
  }

  /** Takes up what was chosen before somebody was led away, as far as it is still there. Who walks through folders begins anew. */
  restore(isThere: (name: string) => boolean): void {
    if (!isBack()) this.forget()
    const kept = sessionStorage.getItem(this.#key)
    // Written below; anything else in it is no name of an entry.
    const names = kept === null ? [] : (JSON.parse(kept) as unknown[])
    this.set(
      names.filter((name) => typeof name === 'string').filter((name) => isThere(name)),
      true,
    )
  }

  forget(): void {
    sessionStorage.removeItem(this.#key)
  }

  #keep(): void {
    // A very large choice is not worth the browser's room.
    if (this.#names.size === 0 || this.#names.size > 2000) this.forget()
    else sessionStorage.setItem(this.#key, JSON.stringify([...this.#names]))
    this.#changed()
  }
}

/** Whether the page was opened by going back, by a reload, after a login at Globus, or from a page that asked first. */
function isBack(): boolean {
  const [navigation] = performance.getEntriesByType('navigation')
  if (navigation instanceof PerformanceNavigationTiming && navigation.type !== 'navigate') return true
  const from = URL.parse(document.referrer)
  if (from === null || from.origin !== location.origin) return true
  return /\/files\/(delete|rename)$|^\/transfers\/new$|^\/login$/.test(from.pathname)
}
