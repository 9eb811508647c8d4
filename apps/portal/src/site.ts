import type { Assets } from './assets.ts'
import type { Branding } from './branding.ts'
import { isLoopback, type PortalConfig } from './config.ts'
import { texts } from './texts.ts'
import type { Site } from './views/layout.ts'

/** What all pages have in common. */
export function describeSite(config: PortalConfig, assets: Assets, branding: Branding): Site {
  const { pathname } = new URL(config.redirectUri)
  return {
    name: config.site.name,
    links: config.site.links,
    logo: branding.logo ?? assets.href('mark.svg'),
    mark: branding.logo === undefined ? assets.mark : undefined,
    welcome: config.site.welcome,
    colours: branding.stylesheet,
    homeUrl: '/',
    accountUrl: '/account',
    loginUrl: pathname,
    logoutUrl: '/logout',
    sections: sectionsOf(config),
    start:
      config.mode === 'datasets'
        ? { href: '/data', text: texts.data.title }
        : { href: '/collections', text: texts.collections.title },
    globus: describeGlobus(config.issuer),
    asset: (name) => assets.href(name),
    script: (name) => assets.scriptHref(name),
  }
}

function sectionsOf({ access, mode, search }: PortalConfig): Site['sections'] {
  // Whoever has to meet a condition has to log in first.
  const forAll = access === undefined
  return [
    { section: 'home', href: '/', forAll: false },
    ...(mode === 'browser' ? [] : [{ section: 'data', href: '/data', forAll } as const]),
    ...(mode === 'browser' || search === undefined ? [] : [{ section: 'search', href: '/search', forAll } as const]),
    ...(mode === 'datasets' ? [] : [{ section: 'collections', href: '/collections', forAll: false } as const]),
    { section: 'transfers', href: '/transfers', forAll: false },
    { section: 'groups', href: '/groups', forAll: false },
    { section: 'account', href: '/account', forAll: false },
  ]
}

function describeGlobus(issuer: string): Site['globus'] {
  const { hostname, host } = new URL(issuer)
  if (isLoopback(hostname)) return { local: true, label: `local emulator at ${host}` }
  if (hostname === 'auth.globus.org') return { local: false, label: 'production' }
  return { local: false, label: hostname === 'auth.preview.globus.org' ? 'preview' : host }
}
