/** A page of ours that closes itself in the eyes of whoever opened it. */
const signedIn = '/signed-in'
const pause = 200

/**
 * Leads through a login in a second window. Resolves when the person is back or has closed it. Call it from a click: browsers
 * allow no other window. Undefined: this browser allows none at all.
 */
export function openLoginWindow(loginUrl: string): Promise<void> | undefined {
  const url = new URL(loginUrl, location.href)
  if (url.origin !== location.origin) return undefined
  url.searchParams.set('return_to', signedIn)
  const opened = open(url, 'portal-login', 'popup,width=600,height=750')
  return opened === null ? undefined : whenBack(opened)
}

async function whenBack(opened: Window): Promise<void> {
  while (!opened.closed) {
    try {
      if (opened.location.pathname === signedIn) opened.close()
    } catch {
      // It shows a page of Globus, which tells nothing.
    }
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
}
