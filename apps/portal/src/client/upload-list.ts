import { visible } from './row.ts'
import type { Words } from './words.ts'

/** One file in the list of uploads, as the person sees it. */
export interface UploadItem {
  /** Bytes that were sent. */
  progress(sent: number): void
  /** Words about what became of it; its bar goes. What is done may go from the list when there is much. */
  say(text: string, end: 'done' | 'kept'): void
  /** Asks with buttons. Resolves with the number of the one that was pressed. */
  ask(text: string, ...buttons: readonly string[]): Promise<number>
}

/** How far all of them together are. */
export interface Overall {
  readonly text: string
  readonly value: number
  readonly max: number
}

/** The list at the foot of a pane, made when it is first needed. */
export interface UploadList {
  add(name: string, size: number): UploadItem
  /** Says something to a screen reader too. */
  announce(text: string): void
  /** Undefined: nothing is under way. */
  all(overall: Overall | undefined): void
}

/** More of what is done is not kept in sight: a page with ten thousand lines is slow, and nobody reads them. */
const mostShown = 40

export function uploadList(pane: HTMLElement, words: Words, stop: () => void): UploadList {
  const section = document.createElement('section')
  section.className = 'uploads'
  section.hidden = true
  const title = Object.assign(document.createElement('h3'), { textContent: words('uploads') })
  const status = Object.assign(document.createElement('p'), { className: 'why' })
  status.setAttribute('role', 'status')
  const list = document.createElement('ul')
  const overall = overallPart(words, stop)
  section.append(title, status, overall.element, list)
  pane.append(section)
  const done: HTMLLIElement[] = []
  return {
    add: (name, size) => {
      section.hidden = false
      if (list.childElementCount >= mostShown) done.shift()?.remove()
      const item = document.createElement('li')
      list.append(item)
      return uploadItem(item, { name, size, text: words('uploadWaiting'), whenDone: () => void done.push(item) })
    },
    announce: (text) => {
      if (text !== '') section.hidden = false
      status.textContent = text
    },
    all: overall.show,
  }
}

function overallPart(words: Words, stop: () => void): { element: HTMLElement; show: UploadList['all'] } {
  const element = Object.assign(document.createElement('div'), { className: 'overall', hidden: true })
  const text = Object.assign(document.createElement('span'), { className: 'why' })
  const bar = document.createElement('progress')
  bar.setAttribute('aria-label', words('uploads'))
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: words('uploadStop') })
  button.className = 'button quiet small'
  button.addEventListener('click', stop)
  element.append(text, button, bar)
  return {
    element,
    show: (overall) => {
      element.hidden = overall === undefined
      if (overall === undefined) return
      text.textContent = overall.text
      Object.assign(bar, { max: overall.max, value: overall.value })
    },
  }
}

interface Shown {
  readonly name: string
  readonly size: number
  readonly text: string
  readonly whenDone: () => void
}

function uploadItem(item: HTMLLIElement, { name, size, text, whenDone }: Shown): UploadItem {
  const label = Object.assign(document.createElement('span'), { textContent: visible(name) })
  const why = Object.assign(document.createElement('span'), { className: 'why', textContent: text })
  const bar = Object.assign(document.createElement('progress'), { max: Math.max(1, size), value: 0 })
  bar.setAttribute('aria-label', label.textContent)
  item.append(label, why, bar)
  return {
    progress: (sent) => {
      bar.value = sent
      why.textContent = `${Math.floor((100 * sent) / Math.max(1, size))} %`
    },
    say: (words, end) => {
      why.textContent = words
      bar.remove()
      if (end === 'done') whenDone()
    },
    ask: (words, ...buttons) => {
      const { promise, resolve } = Promise.withResolvers<number>()
      const made = buttons.map((title, index) => {
        const button = Object.assign(document.createElement('button'), { type: 'button', textContent: title })
        button.className = 'button quiet small'
        button.addEventListener('click', () => {
          why.textContent = ''
          resolve(index)
        })
        return button
      })
      why.replaceChildren(words, ' ', ...made)
      made[0]?.focus()
      return promise
    },
  }
}
