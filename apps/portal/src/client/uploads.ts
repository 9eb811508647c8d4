import type { Listing } from './listing.ts'
import type { UploadQueue } from './upload-queue.ts'
import type { Words } from './words.ts'

const choosesFolders = 'webkitdirectory' in HTMLInputElement.prototype

/** Files and folders can be dropped on the pane, or chosen. What sends them is loaded when it is needed first. */
export function addUploads(listing: Listing, words: Words): void {
  const { pane } = listing
  const control = pane.querySelector<HTMLElement>('.upload')
  if (control === null) return
  control.hidden = false
  let queue: UploadQueue | undefined
  const withQueue = async (use: (queue: UploadQueue) => void): Promise<void> => {
    try {
      const { UploadQueue } = await import('./upload-queue.ts')
      queue ??= new UploadQueue(listing, words)
    } catch {
      // The portal has another version by now.
      return location.reload()
    }
    use(queue)
  }
  for (const input of control.querySelectorAll<HTMLInputElement>('input[type="file"]')) {
    // Where folders cannot be chosen, the button would ask for files.
    if (input.hasAttribute('webkitdirectory') && !choosesFolders) input.closest('label')?.remove()
    input.addEventListener('change', () => {
      const files = [...(input.files ?? [])]
      input.value = ''
      void withQueue((open) => open.choose(files))
    })
  }
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
    // The browser takes the items back after the event, but not what they stand for.
    const items = [...(event.dataTransfer?.items ?? [])].filter(({ kind }) => kind === 'file')
    const dropped = items.flatMap((item) => item.webkitGetAsEntry() ?? item.getAsFile() ?? [])
    void withQueue((open) => void open.drop(dropped))
  })
  addEventListener('beforeunload', (event) => {
    if (queue?.isBusy === true) event.preventDefault()
  })
}
