import { find } from './find.ts'
import type { Listing } from './listing.ts'
import { openLoginWindow } from './login-window.ts'
import { csrfToken, outcome, sendFile, type Sent } from './send-file.ts'
import { uploadList, type UploadItem, type UploadList } from './upload-list.ts'
import type { Words } from './words.ts'

/** Files that are dropped or chosen go up one after the other. A login that has run out holds them up, and nothing is lost. */
export function addUploads(listing: Listing, words: Words): void {
  const { pane } = listing
  const control = pane.querySelector<HTMLElement>('.upload')
  if (control === null) return
  control.hidden = false
  const uploads = new Uploads(listing, words)
  const input = find(control, 'input[type="file"]', HTMLInputElement)
  input.addEventListener('change', () => {
    uploads.add([...(input.files ?? [])])
    input.value = ''
  })
  for (const name of ['dragenter', 'dragover'])
    pane.addEventListener(name, (event) => {
      event.preventDefault()
      pane.classList.add('drop')
    })
  pane.addEventListener('dragleave', (event) => {
    if (!(event.relatedTarget instanceof Node && pane.contains(event.relatedTarget))) pane.classList.remove('drop')
  })
  pane.addEventListener('drop', (event) => {
    event.preventDefault()
    pane.classList.remove('drop')
    uploads.drop(event.dataTransfer)
  })
  addEventListener('beforeunload', (event) => {
    if (uploads.isBusy) event.preventDefault()
  })
}

class Uploads {
  readonly #listing: Listing
  readonly #words: Words
  readonly #list: UploadList
  #waiting: (readonly [File, UploadItem])[] = []
  #done = 0
  isBusy = false

  constructor(listing: Listing, words: Words) {
    this.#listing = listing
    this.#words = words
    this.#list = uploadList(listing.pane, words)
  }

  add(files: readonly File[]): void {
    for (const file of files) this.#waiting.push([file, this.#list.add(file)])
    if (!this.isBusy && this.#waiting.length > 0) void this.#run()
  }

  /** A folder among what is dropped cannot be read as a file. */
  drop(data: DataTransfer | null): void {
    const items = [...(data?.items ?? [])].filter(({ kind }) => kind === 'file')
    const isFolder = (item: DataTransferItem): boolean => item.webkitGetAsEntry()?.isDirectory === true
    if (items.some(isFolder)) this.#list.announce(this.#words('uploadNoFolders'))
    this.add(items.filter((item) => !isFolder(item)).flatMap((item) => item.getAsFile() ?? []))
  }

  async #run(): Promise<void> {
    this.isBusy = true
    this.#done = 0
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift())
        await this.#upload(next[0], next[1])
    } finally {
      this.isBusy = false
    }
    if (this.#done === 0) return
    this.#list.announce(this.#words('uploadAllDone', this.#done))
    await this.#listing.refresh()
  }

  async #upload(file: File, item: UploadItem): Promise<void> {
    for (;;) {
      const sent = await this.#attempt(file, item)
      if (sent === undefined) return
      if (sent.state === 'login') {
        if (!(await this.#logIn(sent.loginUrl, item))) return
      } else if (sent.state === 'failed') {
        const words = this.#words('uploadFailed', sent.reason)
        if ((await item.ask(words, this.#words('uploadRetry'), this.#words('uploadSkip'))) === 1) {
          item.say(this.#words('uploadSkipped'), true)
          return
        }
      } else {
        this.#done += 1
        item.say(this.#words('uploadDone'), true)
        return
      }
    }
  }

  /** Undefined: the person wants to keep what is there. */
  async #attempt(file: File, item: UploadItem): Promise<Sent | undefined> {
    const { filesAddress } = this.#listing
    const path = encodeURIComponent(this.#listing.path + file.name)
    // Asked before each file: a refusal that comes while a large body is on its way is hard to hear.
    const check = await fetch(`${filesAddress}/upload-check?path=${path}`)
    const body = await check.text()
    const allowed = outcome(check.status, body)
    if (allowed.state !== 'done') return allowed
    // As `handlers/files/upload.ts` writes it.
    const { exists } = JSON.parse(body) as { exists: boolean }
    if (exists) {
      const words = this.#words('uploadExists', file.name)
      const answer = await item.ask(words, this.#words('uploadReplace'), this.#words('uploadSkip'))
      if (answer === 1) {
        item.say(this.#words('uploadSkipped'), true)
        return undefined
      }
    }
    const stop = new AbortController()
    return sendFile(`${filesAddress}/content?path=${path}`, file, {
      signal: stop.signal,
      progress: (sent) => item.progress(sent),
    })
  }

  /** In a second window. Only the same person's session goes on with what was begun. */
  async #logIn(loginUrl: string, item: UploadItem): Promise<boolean> {
    await item.ask(this.#words('uploadPaused'), this.#words('uploadContinue'))
    const back = openLoginWindow(loginUrl)
    if (back === undefined) {
      location.assign(loginUrl)
      return false
    }
    await back
    const response = await fetch('/session')
    if (!response.ok) return true
    // As `handlers/session.ts` writes it.
    const session = (await response.json()) as { subject: string; csrf_token: string }
    if (session.subject === this.#listing.subject) {
      const meta = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')
      if (meta !== null && csrfToken() !== session.csrf_token) meta.content = session.csrf_token
      return true
    }
    item.say(this.#words('uploadSomebodyElse'), true)
    this.#waiting = []
    return false
  }
}
