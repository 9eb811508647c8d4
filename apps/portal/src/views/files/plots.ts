import { html } from 'hono/html'
import { minute } from '../../client/amounts.ts'
import type { Series } from '../../preview/series.ts'
import { texts } from '../../texts.ts'
import type { Html } from '../html.ts'

const words = texts.preview
const [width, height] = [640, 160]
/** So that the line is whole where it is highest and lowest. */
const edge = 2

/** A small chart for each column of numbers. */
export function plots(series: readonly Series[]): Html | '' {
  if (series.length === 0) return ''
  return html`<section class="plots" aria-label="${words.plots}">${series.map(plot)}</section>`
}

/** Words stand beside the drawing: it is as wide as there is room, they stay as large as others. */
function plot(series: Series): Html {
  const { axis, from, name, points, to } = series
  const [firstX, lastX] = [points[0]?.[0] ?? 0, points.at(-1)?.[0] ?? 1]
  const label = (x: number): string => (axis === 'time' ? words.utc(minute(x)) : words.row(x))
  const alternative = words.plotOf(name, label(firstX), label(lastX), [number(from), number(to)])
  return html`<figure class="plot">
    <figcaption>${name}</figcaption>
    <div class="chart">
      <svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="${alternative}">
        <path class="grid" d="${grid(series)}" />
        <polyline class="line" points="${line(series)}" />
      </svg>
      <p class="range" aria-hidden="true"><span>${number(to)}</span> <span>${number(from)}</span></p>
      <p class="span" aria-hidden="true"><span>${label(firstX)}</span> <span>${label(lastX)}</span></p>
    </div>
  </figure>`
}

/** The highest and the lowest value, and zero where it is between them. */
function grid({ from, to }: Series): string {
  const values = from < 0 && to > 0 ? [to, 0, from] : [to, from]
  return values.map((value) => `M0 ${down(value, { from, to }).toFixed(1)}H${width}`).join('')
}

function down(value: number, { from, to }: Pick<Series, 'from' | 'to'>): number {
  return height - edge - (value - from) * ((height - 2 * edge) / (to - from || 1))
}

/** Corners of the line. Of many points in one column of pixels the lowest and the highest are kept. */
function line({ from, points, to }: Series): string {
  const [firstX, lastX] = [points[0]?.[0] ?? 0, points.at(-1)?.[0] ?? 1]
  const scaleX = width / (lastX - firstX || 1)
  return thinned(points, width)
    .map(([x, y]) => `${((x - firstX) * scaleX).toFixed(1)},${down(y, { from, to }).toFixed(1)}`)
    .join(' ')
}

function thinned(points: Series['points'], most: number): Series['points'] {
  const step = Math.ceil(points.length / most)
  if (step <= 1) return points
  return Array.from({ length: Math.ceil(points.length / step) }, (_, index) => {
    const part = points.slice(index * step, (index + 1) * step).toSorted((one, other) => one[1] - other[1])
    const ends = [part[0], part.at(-1)].filter((point) => point !== undefined)
    return ends.toSorted((one, other) => one[0] - other[0])
  }).flat()
}

function number(value: number): string {
  return String(Number(value.toPrecision(4)))
}
