/**
 * Writes a part of the page's state into the address, and into every link and form of the page that leads back to it.
 * Without it a link would bring back what was before. Empty: the parameter goes.
 */
export function setParameter(name: string, value: string): void {
  history.replaceState(history.state, '', changed(location.href, name, value))
  for (const link of document.querySelectorAll<HTMLAnchorElement>('main a[href]')) {
    if (link.pathname === location.pathname) link.setAttribute('href', changed(link.href, name, value))
  }
  for (const form of document.querySelectorAll<HTMLFormElement>('main form[method="post"]')) {
    if (form.action.startsWith(location.origin + location.pathname)) form.action = changed(form.action, name, value)
  }
}

function changed(address: string, name: string, value: string): string {
  const url = new URL(address)
  if (value === '') url.searchParams.delete(name)
  else url.searchParams.set(name, value)
  return url.pathname + url.search
}

/** The beginning of an address that ends in an open parameter, with another parameter changed. */
export function changedPrefix(prefix: string, name: string, value: string): string {
  const [, open = ''] = /[?&](\w+=)$/.exec(prefix) ?? []
  const bare = prefix.slice(0, prefix.length - open.length - 1)
  const next = changed(new URL(bare, location.href).href, name, value)
  return `${next}${next.includes('?') ? '&' : '?'}${open}`
}
