/** `2026-01-02T03:04:05.600000+00:00`: what Python's `fromisoformat` reads in every version, which `Z` is not. */
export const timestamp = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace(/\.(\d{3})Z$/, '.$1000+00:00')
