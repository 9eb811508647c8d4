import { transfer } from '@globus/sdk'
import { sdkOptions } from 'pierhead/browser'

// Where Globus wants a login or a consent, this window leaves for it and comes back to the same address.
const options = sdkOptions({ proxy: '/globus', login: 'page' })

/** What is shown follows from the address, so that reload, Back and the way through Globus lead to the same view. */
async function show(): Promise<void> {
  const query = new URLSearchParams(location.search)
  const collection = query.get('collection')
  try {
    const view = await (collection === null
      ? collectionList(query.get('search') ?? '')
      : folder(collection, query.get('path')))
    document.querySelector('main')?.replaceChildren(...view)
  } catch (error) {
    document.querySelector('main')?.replaceChildren(element('p', String(error)))
  }
}

async function collectionList(search: string): Promise<Element[]> {
  const own = { filter_scope: 'my-endpoints' } as const
  const filter = search === '' ? own : { filter_fulltext: search }
  const answer = await transfer.endpointSearch({ query: { ...filter, limit: 100 } }, options)
  const found = await answer.json()
  if (!answer.ok) throw new Error(JSON.stringify(found))
  const links = found.DATA.map(({ id, display_name: name }) => link(name, { collection: id }))
  return [element('h1', search === '' ? 'Your collections' : `Collections for “${search}”`), list(links)]
}

async function folder(collection: string, path: string | null): Promise<Element[]> {
  const answer = await transfer.fileOperations.ls(collection, { query: path === null ? {} : { path } }, options)
  const found = await answer.json()
  if ('code' in found) throw new Error(JSON.stringify(found))
  const here = found.path
  const entries = found.DATA.map(({ name, type, size }) =>
    type === 'dir'
      ? link(`${name}/`, { collection, path: `${here}${name}/` })
      : element('span', `${name}, ${size} bytes`),
  )
  return [element('h1', here), list(entries)]
}

function link(text: string, query: Record<string, string>): HTMLAnchorElement {
  const made = element('a', text)
  made.href = `/?${new URLSearchParams(query).toString()}`
  return made
}

function element<Name extends keyof HTMLElementTagNameMap>(name: Name, text = ''): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name)
  made.textContent = text
  return made
}

function list(contents: readonly Element[]): Element {
  const made = element('ul')
  for (const content of contents) {
    const item = element('li')
    item.append(content)
    made.append(item)
  }
  return made
}

document.addEventListener('click', (event) => {
  const target = event.target instanceof Element ? event.target.closest('main a') : null
  if (!(target instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  history.pushState(null, '', target.href)
  void show()
})
window.addEventListener('popstate', () => void show())
void show()
