import { createFetch } from 'pierhead/browser'
import { changedPrefix, setParameter } from './address.ts'
import { bytes } from './amounts.ts'
import { unpackEntry, type Entry, type PackedEntry } from './entry.ts'
import { nameFilter, sortEntries, type Order, type SortKey } from './entry-order.ts'
import { find } from './find.ts'
import { addKeys } from './listing-keys.ts'
import { rowWriter, type RowOptions } from './row.ts'
import { entryOfRow } from './row-entry.ts'
import { Selection } from './selection.ts'
import { virtualRows, type VirtualRows } from './virtual-rows.ts'
import type { Words } from './words.ts'

/** More does not fit into one form. */
const largestForm = 60_000

/** One folder in the browser: it is filtered, sorted and chosen from without asking the portal again. */
export class Listing {
  readonly pane: HTMLElement
  readonly scroller: HTMLElement
  readonly selection: Selection
  shown: readonly Entry[] = []
  readonly #table: HTMLTableElement
  readonly #form: HTMLFormElement
  readonly #words: Words
  readonly #rows: VirtualRows
  #options: RowOptions
  #write: ReturnType<typeof rowWriter>
  #order: Order
  #filter: string
  #all: readonly Entry[]
  /** The server sent all there is. */
  #isWhole: boolean
  #whole: Promise<void> | undefined

  constructor(pane: HTMLElement, words: Words) {
    this.pane = pane
    this.#words = words
    this.#table = find(pane, 'table.entries', HTMLTableElement)
    this.#form = find(pane, 'form.listing', HTMLFormElement)
    this.scroller = find(pane, '.scroll')
    const { dataset } = this.#table
    // Both written by the portal, as the types say.
    this.#options = JSON.parse(dataset['options'] ?? '{}') as RowOptions
    this.#write = rowWriter(this.#options)
    this.#order = JSON.parse(dataset['order'] ?? '{}') as Order // As above.
    this.#filter = dataset['filter'] ?? ''
    const [body] = this.#table.tBodies
    if (!body) throw new TypeError('The table has no body.')
    this.#all = [...body.rows].map(entryOfRow)
    this.#isWhole = this.#filter === '' && this.#all.length === Number(dataset['total'])
    this.#rows = virtualRows(body, this.scroller, (index) => this.#row(index))
    this.selection = new Selection(dataset['entries'] ?? '', () => this.#showSelection())
    this.#listen()
    addKeys(this, this.#rows)
  }

  /** Shows what the server sent, then everything. */
  async start(): Promise<void> {
    this.shown = this.#all
    this.#rows.show(this.shown.length)
    this.selection.restore((name) => !this.#isWhole || this.#all.some((entry) => entry.name === name))
    this.#showSelection()
    if (this.#isWhole || this.#filter !== '') return
    for (const pager of this.pane.querySelectorAll('.pager')) pager.remove()
    await this.load()
    this.update()
  }

  /** The path of the folder, with a slash at its end. */
  get path(): string {
    return this.#options.path
  }

  /** Address of the collection, below which its files are. */
  get filesAddress(): string {
    return `/collections/${this.pane.dataset['collection'] ?? ''}`
  }

  /** Whose page this is. */
  get subject(): string {
    return this.pane.dataset['subject'] ?? ''
  }

  /** Asks for the folder anew, after something was changed in it. Where a login has run out it stays as it was. */
  async refresh(): Promise<void> {
    this.#isWhole = false
    try {
      // Nobody asked to be led to a login, perhaps away from more that is to be sent.
      await (this.#whole = this.#fetchAll(fetch))
      this.update()
    } catch {
      this.#whole = undefined
    }
  }

  /** Everything in the folder, asked for once. */
  load(): Promise<void> {
    if (this.#isWhole) return Promise.resolve()
    this.#whole ??= this.#fetchAll(createFetch({ login: 'page' }))
    return this.#whole
  }

  update(): void {
    const matches = nameFilter(this.#filter)
    const found = this.#filter === '' ? this.#all : this.#all.filter(({ name }) => matches(name))
    this.shown = sortEntries(found, this.#order)
    this.#rows.show(this.shown.length)
    this.#table.setAttribute('aria-rowcount', String(this.shown.length + 1))
    this.#showSelection()
    this.#showCount()
  }

  async #fetchAll(send: typeof fetch): Promise<void> {
    this.#table.setAttribute('aria-busy', 'true')
    try {
      const headers = { accept: 'application/json' }
      const response = await send(this.#table.dataset['entries'] ?? '', { headers })
      if (!response.ok) throw new TypeError(`The portal answered ${response.status}.`)
      // As `handlers/files/entries.ts` writes it.
      const { entries } = (await response.json()) as { entries: PackedEntry[] }
      this.#all = entries.map(unpackEntry)
      this.#isWhole = true
    } finally {
      this.#table.removeAttribute('aria-busy')
    }
  }

  #row(index: number): string {
    const entry = this.shown[index]
    if (entry === undefined) return ''
    const markup = this.#write(entry)
    return this.selection.has(entry.name) ? markup.replace('name="name"', 'name="name" checked') : markup
  }

  #listen(): void {
    this.#table.addEventListener('change', (event) => this.#picked(event.target))
    for (const link of this.#table.querySelectorAll<HTMLAnchorElement>('a[data-sort]')) {
      link.addEventListener('click', (event) => {
        if (event.ctrlKey || event.metaKey) return
        event.preventDefault()
        void this.#sort(link)
      })
    }
    const filter = this.pane.querySelector<HTMLInputElement>('.filter input[type="search"]')
    filter?.addEventListener('input', () => void this.#filterBy(filter))
    filter?.form?.addEventListener('submit', (event) => event.preventDefault())
    this.#form.addEventListener('formdata', ({ formData }) => this.#complete(formData))
    this.#form.addEventListener('submit', (event) => this.#checkSize(event))
  }

  async #sort(link: HTMLAnchorElement): Promise<void> {
    await this.load()
    // One of the portal's own three.
    const by = link.dataset['sort'] as SortKey
    const direction = this.#order.by === by && this.#order.direction === 'asc' ? 'desc' : 'asc'
    this.#order = { by, direction }
    for (const head of this.#table.querySelectorAll('th')) {
      const isSorted = head.contains(link)
      if (isSorted) head.setAttribute('aria-sort', direction === 'asc' ? 'ascending' : 'descending')
      else head.removeAttribute('aria-sort')
    }
    this.#setState('sort', by === 'name' ? '' : by)
    this.#setState('order', direction === 'asc' ? '' : 'desc')
    this.update()
  }

  async #filterBy(field: HTMLInputElement): Promise<void> {
    const { value } = field
    await this.load()
    if (field.value !== value) return
    this.#filter = value
    this.scroller.scrollTop = 0
    setParameter(field.name, value)
    this.update()
  }

  /** Into the address; the right pane's fields begin with `other`. */
  #setState(name: string, value: string): void {
    const isRight = this.pane.dataset['side'] === 'right'
    const field = isRight ? `other${name.slice(0, 1).toUpperCase()}${name.slice(1)}` : name
    setParameter(field, value)
    this.#options = { ...this.#options, folderPrefix: changedPrefix(this.#options.folderPrefix, field, value) }
    this.#write = rowWriter(this.#options)
  }

  #picked(target: EventTarget | null): void {
    if (!(target instanceof HTMLInputElement)) return
    if (target.classList.contains('all')) this.chooseAll(target.checked)
    else this.selection.set([decodeURIComponent(target.value)], target.checked)
  }

  chooseAll(isChosen: boolean): void {
    this.selection.set(
      this.shown.map(({ name }) => name),
      isChosen,
    )
  }

  #showSelection(): void {
    const { names, size } = this.selection
    for (const box of this.#table.querySelectorAll<HTMLInputElement>('input[name="name"]'))
      box.checked = names.has(decodeURIComponent(box.value))
    const all = this.#table.querySelector<HTMLInputElement>('input.all')
    if (all) {
      all.hidden = false
      all.checked = size > 0 && this.shown.every(({ name }) => names.has(name))
      all.indeterminate = size > 0 && !all.checked
    }
    for (const button of this.#form.querySelectorAll<HTMLButtonElement>('button[data-needs]'))
      button.disabled = button.dataset['needs'] === 'one' ? size !== 1 : size === 0
    const total = this.#all.filter(({ name }) => names.has(name)).reduce((sum, entry) => sum + entry.size, 0)
    const amount = total > 0 ? ` · ${bytes(total)}` : ''
    find(this.#form, '.selected').textContent =
      size === 0 ? this.#words('nothing') : `${this.#words('selected', size)}${amount}`
  }

  #showCount(): void {
    const [shown, total] = [this.shown.length, this.#all.length]
    const text = shown === total ? this.#words('all', total) : this.#words('count', shown, total)
    find(this.pane, '.count').textContent = text
    const empty = find(this.pane, '.scroll > .empty')
    empty.hidden = shown > 0
    if (shown === 0) empty.textContent = total > 0 ? this.#words('noMatch', this.#filter) : this.#words('emptyFolder')
  }

  /** What is chosen and not in the document goes along. */
  #complete(data: FormData): void {
    data.delete('name')
    for (const name of this.selection.names) data.append('name', encodeURIComponent(name.toWellFormed()))
  }

  #checkSize(event: SubmitEvent): void {
    const length = [...this.selection.names].reduce(
      (sum, name) => sum + encodeURIComponent(encodeURIComponent(name.toWellFormed())).length + 6,
      0,
    )
    if (length < largestForm) return
    event.preventDefault()
    find(this.#form, '.selected').textContent = this.#words('tooMany')
  }
}
