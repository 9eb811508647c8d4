import type { Assets } from './assets.ts'
import { isLoopback, type PortalConfig } from './config.ts'
import type { Site } from './views/layout.ts'

/** What all pages have in common. */
export function describeSite(config: PortalConfig, assets: Assets): Site {
  const { pathname } = new URL(config.redirectUri)
  return {
    name: 'Pierhead Data Portal',
    homeUrl: '/',
    accountUrl: '/account',
    loginUrl: pathname,
    logoutUrl: '/logout',
    sections: [
      { section: 'home', href: '/' },
      { section: 'collections', href: '/collections' },
      { section: 'account', href: '/account' },
    ],
    globus: describeGlobus(config.issuer),
    asset: (name) => assets.href(name),
    script: (name) => assets.scriptHref(name),
  }
}

function describeGlobus(issuer: string): Site['globus'] {
  const { hostname, host } = new URL(issuer)
  if (isLoopback(hostname)) return { local: true, label: `local emulator at ${host}` }
  if (hostname === 'auth.globus.org') return { local: false, label: 'production' }
  return { local: false, label: hostname === 'auth.preview.globus.org' ? 'preview' : host }
}
