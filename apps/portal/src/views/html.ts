import { raw, type html } from 'hono/html'

/** A piece of a page: everything put into it is escaped. */
export type Html = ReturnType<typeof html>

/** The text of a page that waits for nothing. */
export function toText(view: Html): string {
  if (view instanceof Promise) throw new TypeError('This view must not wait for anything: it is shown at once.')
  return view.toString()
}

/**
 * Text with references in place of what is not ASCII. One other character makes a whole page of two bytes a character, which
 * costs a page with thousands of rows as much again as its rows do.
 */
export function inAscii(text: string): Html {
  return raw(text.replace(/[&<>"']|[^\0-\x7f]/gu, (one) => `&#${one.codePointAt(0)};`))
}
