import { bytes } from './amounts.ts'
import { readChosen, walkDropped, type Found, type Upload } from './dropped.ts'
import type { Listing } from './listing.ts'
import { openLoginWindow } from './login-window.ts'
import { csrfToken, type Sent } from './send-file.ts'
import { attemptFile, attemptFolder } from './upload-attempt.ts'
import { uploadList, type UploadItem, type UploadList } from './upload-list.ts'
import type { Words } from './words.ts'

/** As many are listed before it is their turn. */
const mostWaiting = 20

/** As many of what cannot be sent are named; the others are counted. */
const mostRefused = 100

type Waiting = readonly [upload: Upload, item: UploadItem | undefined]

/** Files and folders go up one after the other. A login that has run out holds them up, and nothing is lost. */
export class UploadQueue {
  readonly #listing: Listing
  readonly #words: Words
  readonly #list: UploadList
  #waiting: Waiting[] = []
  #next = 0
  /** Of all that were added since nothing was left to do; a file counts as one byte more than it has. */
  #files = 0
  #bytes = 0
  #done = 0
  #left = 0
  #sent = 0
  /** Folders that were made just now, and folders that are not there: what belongs there is left out. */
  readonly #made = new Set<string>()
  readonly #missing: string[] = []
  /** The answer that counts for all others too. */
  #replaces: boolean | undefined
  #stop = new AbortController()
  #isSomebodyElse = false
  isBusy = false

  constructor(listing: Listing, words: Words) {
    this.#listing = listing
    this.#words = words
    this.#list = uploadList(listing.pane, words, () => this.#stop.abort())
  }

  choose(files: readonly File[]): void {
    this.#add(readChosen(files))
  }

  async drop(dropped: readonly (FileSystemEntry | File)[]): Promise<void> {
    this.#add(await walkDropped(dropped, (count) => this.#list.announce(this.#words('uploadSearching', count))))
  }

  #add({ isTooMuch, refused, uploads }: Found): void {
    for (const { path, why } of refused.slice(0, mostRefused)) this.#list.add(path, 0).say(this.#words(why), 'kept')
    const words = isTooMuch ? 'uploadTooMuch' : refused.length > 0 ? 'uploadRefused' : ''
    this.#list.announce(this.#words(words, refused.length))
    if (isTooMuch) return
    const isShort = uploads.length <= mostWaiting
    for (const upload of uploads) {
      const { file } = upload
      if (file !== undefined) {
        this.#files += 1
        this.#bytes += file.size + 1
      }
      this.#waiting.push([upload, isShort && file !== undefined ? this.#item(upload) : undefined])
    }
    if (!this.isBusy && this.#waiting.length > 0) void this.#run()
  }

  #item({ file, folder, name }: Upload): UploadItem {
    return this.#list.add(file === undefined ? `${folder}${name}/` : folder + name, file?.size ?? 0)
  }

  async #run(): Promise<void> {
    this.isBusy = true
    try {
      for (; this.#next < this.#waiting.length && !this.#stop.signal.aborted; this.#next += 1) {
        const waiting = this.#waiting[this.#next]
        if (waiting !== undefined) await this.#one(...waiting)
        this.#showAll(0)
      }
    } finally {
      this.isBusy = false
    }
    await this.#end()
  }

  async #end(): Promise<void> {
    const { aborted } = this.#stop.signal
    for (const [, item] of this.#waiting.slice(this.#next)) item?.say(this.#words('uploadSkipped'), 'kept')
    const words = this.#isSomebodyElse ? 'uploadSomebodyElse' : aborted ? 'uploadStopped' : 'uploadAllDone'
    this.#list.announce(this.#words(words, this.#done))
    this.#list.all(undefined)
    const isChanged = this.#done > 0 || this.#made.size > 0
    this.#waiting = []
    this.#next = this.#files = this.#bytes = this.#done = this.#left = this.#sent = 0
    this.#made.clear()
    this.#missing.length = 0
    this.#replaces = undefined
    this.#isSomebodyElse = false
    this.#stop = new AbortController()
    if (isChanged) await this.#listing.refresh()
  }

  async #one(upload: Upload, shown: UploadItem | undefined): Promise<void> {
    const { file, folder, name } = upload
    const isFolder = file === undefined
    if (this.#missing.some((path) => folder.startsWith(path))) return this.#leave(upload, shown)
    let item = shown ?? (isFolder ? undefined : this.#item(upload))
    for (;;) {
      const sent = isFolder
        ? await this.#makeFolder(upload)
        : await this.#attempt(upload, file, item ?? this.#item(upload))
      if (sent?.state === 'done') {
        if (!isFolder) {
          this.#done += 1
          this.#sent += file.size + 1
        }
        return item?.say(this.#words('uploadDone'), 'done')
      }
      item ??= this.#item(upload)
      if (sent !== undefined && (await this.#goesOn(sent, item))) continue
      if (isFolder) this.#missing.push(`${folder}${name}/`)
      return this.#leave(upload, item)
    }
  }

  #leave({ file }: Upload, item: UploadItem | undefined): void {
    if (file !== undefined) {
      this.#left += 1
      this.#sent += file.size + 1
    }
    item?.say(this.#words('uploadSkipped'), 'kept')
  }

  /** Whether what did not work is tried again. */
  async #goesOn(sent: Exclude<Sent, { state: 'done' }>, item: UploadItem): Promise<boolean> {
    if (this.#stop.signal.aborted) return false
    if (sent.state === 'login') return this.#logIn(sent.loginUrl, item)
    const words = this.#words
    return (await this.#ask(item, words('uploadFailed', sent.reason), words('uploadRetry'), words('uploadSkip'))) === 0
  }

  async #makeFolder(upload: Upload): Promise<Sent> {
    const { sent, isNew } = await attemptFolder(this.#destination, upload)
    if (isNew) this.#made.add(`${upload.folder}${upload.name}/`)
    return sent
  }

  #attempt(upload: Upload, file: File, item: UploadItem): Promise<Sent | undefined> {
    return attemptFile(this.#destination, upload, {
      file,
      options: {
        signal: this.#stop.signal,
        isNewFolder: this.#made.has(upload.folder),
        mayReplace: () => this.#mayReplace(upload, item),
        progress: (count) => {
          item.progress(count)
          this.#showAll(count)
        },
      },
    })
  }

  async #mayReplace({ name }: Upload, item: UploadItem): Promise<boolean> {
    if (this.#replaces !== undefined) return this.#replaces
    const words = this.#words
    const buttons = [words('uploadReplace'), words('uploadSkip')]
    // Once is enough where there are many.
    if (this.#files - this.#done - this.#left > 1) buttons.push(words('uploadReplaceAll'), words('uploadSkipAll'))
    const answer = await this.#ask(item, words('uploadExists', name), ...buttons)
    if (answer > 1) this.#replaces = answer === 2
    return answer === 0 || answer === 2
  }

  /** Undefined: the person has stopped it all. */
  async #ask(item: UploadItem, text: string, ...buttons: readonly string[]): Promise<number> {
    const { signal } = this.#stop
    const stopped = new Promise<number>((resolve) => {
      signal.addEventListener('abort', () => resolve(1), { once: true })
    })
    return signal.aborted ? 1 : Promise.race([item.ask(text, ...buttons), stopped])
  }

  get #destination() {
    return { address: this.#listing.filesAddress, path: this.#listing.path }
  }

  /** `count`: bytes that were sent of the file whose turn it is. */
  #showAll(count: number): void {
    if (this.#files < 2) return
    const done = this.#done + this.#left
    const sent = Math.min(this.#sent + count, this.#bytes)
    const amounts = `${bytes(Math.max(0, sent - done))} / ${bytes(this.#bytes - this.#files)}`
    this.#list.all({
      text: `${this.#words('uploadOverall', done, this.#files)}, ${amounts}`,
      value: sent,
      max: this.#bytes,
    })
  }

  /** In a second window. Only the same person's session goes on with what was begun. */
  async #logIn(loginUrl: string, item: UploadItem): Promise<boolean> {
    await this.#ask(item, this.#words('uploadPaused'), this.#words('uploadContinue'))
    if (this.#stop.signal.aborted) return false
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
    this.#isSomebodyElse = true
    this.#stop.abort()
    return false
  }
}
