import { html } from 'hono/html'
import { bytes } from '../../client/amounts.ts'
import { texts } from '../../texts.ts'
import type { RateSample } from '../../transfers/task-history.ts'
import type { Html } from '../html.ts'

const width = 600
const height = 120
const words = texts.transfers

/** Rate over time as a line. The numbers are in the words below it, for who does not see it. */
export function rateChart(samples: readonly RateSample[]): Html {
  const first = samples[0]
  const last = samples.at(-1)
  const top = Math.max(0, ...samples.map(({ rate }) => rate))
  if (first === undefined || last === undefined || first.time === last.time || top === 0)
    return html`<figure id="chart"><p class="empty">${words.chartEmpty}</p></figure>`
  const x = (time: number): string => (((time - first.time) / (last.time - first.time)) * width).toFixed(1)
  const y = (rate: number): string => (height - (rate / top) * (height - 4)).toFixed(1)
  const line = samples.map(({ time, rate }) => `${x(time)},${y(rate)}`).join(' ')
  return html`<figure id="chart">
    <svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="${words.chart}">
      <polygon class="area" points="0,${height} ${line} ${width},${height}" />
      <polyline class="line" points="${line}" vector-effect="non-scaling-stroke" />
    </svg>
    <figcaption class="muted">${words.chartText(bytes(top))}</figcaption>
  </figure>`
}
