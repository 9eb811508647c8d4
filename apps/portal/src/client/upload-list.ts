import type { Words } from './words.ts'

/** One file in the list of uploads, as the person sees it. */
export interface UploadItem {
  /** Bytes that were sent. */
  progress(sent: number): void
  /** Words about its state; a finished one has no bar any more. */
  say(text: string, isFinished?: boolean): void
  /** Asks with buttons. Resolves with the number of the one that was pressed. */
  ask(text: string, ...buttons: readonly string[]): Promise<number>
}

/** The list at the foot of a pane, made when it is first needed. */
export interface UploadList {
  add(file: File): UploadItem
  /** Says something to a screen reader too. */
  announce(text: string): void
}

export function uploadList(pane: HTMLElement, words: Words): UploadList {
  const section = document.createElement('section')
  section.className = 'uploads'
  section.hidden = true
  const title = Object.assign(document.createElement('h3'), { textContent: words('uploads') })
  const status = Object.assign(document.createElement('p'), { className: 'why' })
  status.setAttribute('role', 'status')
  const list = document.createElement('ul')
  section.append(title, status, list)
  pane.append(section)
  return {
    add: (file) => {
      section.hidden = false
      const item = document.createElement('li')
      list.append(item)
      return uploadItem(item, file, words)
    },
    announce: (text) => {
      section.hidden = false
      status.textContent = text
    },
  }
}

function uploadItem(item: HTMLLIElement, file: File, words: Words): UploadItem {
  const name = Object.assign(document.createElement('span'), { textContent: file.name })
  const why = Object.assign(document.createElement('span'), { className: 'why', textContent: words('uploadWaiting') })
  const bar = Object.assign(document.createElement('progress'), { max: Math.max(1, file.size), value: 0 })
  bar.setAttribute('aria-label', file.name)
  item.append(name, why, bar)
  return {
    progress: (sent) => {
      bar.value = sent
      why.textContent = `${Math.floor((100 * sent) / Math.max(1, file.size))} %`
    },
    say: (text, isFinished = false) => {
      why.textContent = text
      if (isFinished) bar.remove()
    },
    ask: (text, ...buttons) => {
      const { promise, resolve } = Promise.withResolvers<number>()
      const made = buttons.map((label, index) => {
        const button = Object.assign(document.createElement('button'), { type: 'button', textContent: label })
        button.className = 'button quiet small'
        button.addEventListener('click', () => {
          why.textContent = ''
          resolve(index)
        })
        return button
      })
      why.replaceChildren(text, ' ', ...made)
      made[0]?.focus()
      return promise
    },
  }
}
