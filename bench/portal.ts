import type { PagesAnswer } from './portal-pages.ts'
import { measurePortalListing, type ListingRates } from './portal-listing.ts'
import { measurePortalPages } from './portal-pages.ts'
import { measurePortalPaint } from './portal-paint-load.ts'
import type { Paint } from './portal-paint.ts'
import { measurePortalPipe, type PipeRates } from './portal-pipe.ts'

/** Everything that is measured of the portal. */
export interface PortalMeasured {
  readonly listing: readonly ListingRates[]
  readonly pipe: PipeRates
  readonly pages: PagesAnswer
  /** Empty where there is no browser. */
  readonly paint: readonly Paint[]
}

const mebi = 1024 * 1024
const full = { requests: 150, warmUps: 6, bytes: 512 * mebi, large: 4096 * mebi, browsers: 500, window: 8000 }
const short = { requests: 40, warmUps: 4, bytes: 128 * mebi, large: 512 * mebi, browsers: 10, window: 4000 }
const openPages = 500

/** One after the other: two portals at a time would measure each other. */
export async function measurePortal(rounds: number, isShort: boolean): Promise<PortalMeasured> {
  const { requests, warmUps, bytes, large, browsers, window } = isShort ? short : full
  return {
    listing: await measurePortalListing(rounds, requests, warmUps),
    pipe: await measurePortalPipe(rounds, bytes, large),
    pages: await measurePortalPages(openPages, browsers, window),
    paint: await measurePortalPaint(rounds),
  }
}
