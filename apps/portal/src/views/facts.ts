import { html } from 'hono/html'
import { texts } from '../texts.ts'
import type { Html } from './html.ts'

/** A claim, or words that say it is not there. */
export function given(value: string | null | undefined): Html | string {
  return value ? value : html`<span class="absent">${texts.facts.notGiven}</span>`
}

/** A name and what it is, a row of a list of facts. */
export function fact(name: string, value: Html | string): Html {
  return html`<div>
    <dt>${name}:</dt>
    <dd>${value}</dd>
  </div>`
}

/** Stands where a token would be. No character of it is shown, nor how long it is. */
export function tokenLine(isThere: boolean): Html | string {
  return isThere ? html`<span class="hidden-token">${texts.facts.hidden}</span>` : given(undefined)
}

/** A moment, in words that are right wherever the reader is and however long the page stays open. */
export function moment(milliseconds: number): Html {
  const date = new Date(milliseconds)
  // What a service said may be no time at all.
  if (Number.isNaN(date.getTime())) return html`<span class="absent">at an unknown time</span>`
  return html`<time datetime="${date.toISOString()}">${dateFormat.format(date)} UTC</time>`
}

const dateFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })
const listFormat = new Intl.ListFormat('en-GB')
const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

/** A time span in its two largest units, rounded down: `1 day and 23 hours`. */
export function duration(milliseconds: number): string {
  let rest = Math.floor(milliseconds / 1000)
  const parts = units.map(([unit, seconds]) => {
    const count = Math.floor(rest / seconds)
    rest -= count * seconds
    return { count, text: new Intl.NumberFormat('en-GB', { style: 'unit', unit, unitDisplay: 'long' }).format(count) }
  })
  const first = parts.findIndex(({ count }) => count > 0)
  if (first < 0) return 'less than a minute'
  const shown = parts.slice(first, first + 2).filter(({ count }) => count > 0)
  return listFormat.format(shown.map(({ text }) => text))
}
