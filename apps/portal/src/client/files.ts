import { Listing } from './listing.ts'
import { addUploads } from './uploads.ts'
import { wordsOf } from './words.ts'

/** The files page, better: keys, filtering while typing, folders of any size, uploads. */

document.documentElement.classList.add('scripted')
const words = wordsOf(document.querySelector('.panes'))
const listings: Listing[] = []

for (const pane of document.querySelectorAll<HTMLElement>('.pane')) {
  if (pane.querySelector('form.listing') === null) continue
  const listing = new Listing(pane, words)
  listings.push(listing)
  addUploads(listing, words)
}
forgetWhatIsDone()
await Promise.all(listings.map((listing) => listing.start()))
// Until something has the focus, the keys are for the first folder.
document.addEventListener('keydown', (event) => {
  const [first] = listings
  if (document.activeElement !== document.body || first === undefined || event.ctrlKey || event.metaKey) return
  if (!['ArrowDown', 'Backspace', '/'].includes(event.key)) return
  event.preventDefault()
  first.scroller.dispatchEvent(new KeyboardEvent('keydown', { key: event.key }))
})

/** What was chosen has served its purpose; opening the address again must not say once more that it is done. */
function forgetWhatIsDone(): void {
  const address = new URL(location.href)
  if (!address.searchParams.has('done')) return
  for (const listing of listings) listing.selection.forget()
  for (const name of ['done', 'task']) address.searchParams.delete(name)
  history.replaceState(history.state, '', address)
}
