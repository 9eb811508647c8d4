import type { html } from 'hono/html'

/** A piece of a page: everything put into it is escaped. */
export type Html = ReturnType<typeof html>

/** The text of a page that waits for nothing. */
export function toText(view: Html): string {
  if (view instanceof Promise) throw new TypeError('This view must not wait for anything: it is shown at once.')
  return view.toString()
}
