/** Searches while somebody types, in place of what the button does. */

const pause = 250
const form = document.querySelector<HTMLFormElement>('form.search')
const field = form?.querySelector<HTMLInputElement>('input[type="search"]')
let waiting: ReturnType<typeof setTimeout> | undefined
let running: AbortController | undefined
let counting: ReturnType<typeof setTimeout> | undefined

field?.addEventListener('input', () => {
  clearTimeout(waiting)
  waiting = setTimeout(() => void search(), pause)
})
form?.addEventListener('submit', (event) => {
  event.preventDefault()
  clearTimeout(waiting)
  void search()
})

async function search(): Promise<void> {
  if (!form) return
  running?.abort()
  running = new AbortController()
  const query = new URLSearchParams()
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') query.append(name, value)
  const address = `${form.action}?${query}`
  const results = document.querySelector<HTMLElement>('#results')
  results?.setAttribute('aria-busy', 'true')
  try {
    const response = await fetch(address, { signal: running.signal })
    if (!response.ok) throw new TypeError(`The portal answered ${response.status}.`)
    show(await response.text(), address)
    countSoon()
  } catch (error) {
    // A newer search has taken its place; whatever else went wrong, the page that follows explains it.
    if (!(error instanceof DOMException && error.name === 'AbortError')) location.assign(address)
  }
}

/** Not while somebody types: each number costs Globus a request. */
function countSoon(): void {
  clearTimeout(counting)
  counting = setTimeout(() => void count(), 3 * pause)
}

/** Fills in how many collections each list holds. Without them the page is as good. */
async function count(): Promise<void> {
  const numbers = [...document.querySelectorAll<HTMLElement>('[data-count]')].filter((one) => one.textContent === '')
  if (numbers.length === 0) return
  const words = new URLSearchParams({ q: new URLSearchParams(location.search).get('q') ?? '' })
  try {
    const response = await fetch(`/collections/counts?${words}`)
    if (!response.ok) return
    // As `handlers/collections/counts.ts` writes it.
    const counts = (await response.json()) as Record<string, string>
    for (const number of numbers) number.textContent = counts[number.dataset['count'] ?? ''] ?? ''
  } catch {
    // The page is being left, or the portal cannot be reached: whatever is done next will tell.
  }
}

/** Takes the results over from the page that the portal made, and the tabs, which keep the words. */
function show(text: string, address: string): void {
  const page = new DOMParser().parseFromString(text, 'text/html')
  for (const selector of ['#results', 'nav.tabs']) {
    const [next, before] = [page.querySelector(selector), document.querySelector(selector)]
    if (next && before) before.replaceWith(document.adoptNode(next))
  }
  history.replaceState(null, '', address)
}

void count()
