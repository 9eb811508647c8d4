import { readChosen, walkDropped } from './dropped.ts'
import type { Listing } from './listing.ts'
import { UploadQueue } from './upload-queue.ts'
import type { Words } from './words.ts'

const choosesFolders = 'webkitdirectory' in HTMLInputElement.prototype

/** Files and folders can be dropped on the pane, or chosen. */
export function addUploads(listing: Listing, words: Words): void {
  const { pane } = listing
  const control = pane.querySelector<HTMLElement>('.upload')
  if (control === null) return
  control.hidden = false
  const queue = new UploadQueue(listing, words)
  for (const input of control.querySelectorAll<HTMLInputElement>('input[type="file"]')) {
    // Where folders cannot be chosen, the button would ask for files.
    if (input.hasAttribute('webkitdirectory') && !choosesFolders) input.closest('label')?.remove()
    input.addEventListener('change', () => {
      queue.add(readChosen(input.files ?? []))
      input.value = ''
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
    void walkDropped(event.dataTransfer?.items ?? [], (count) => queue.search(count)).then((found) => queue.add(found))
  })
  addEventListener('beforeunload', (event) => {
    if (queue.isBusy) event.preventDefault()
  })
}
