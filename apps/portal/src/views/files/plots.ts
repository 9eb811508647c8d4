import { html } from 'hono/html'
import { minute } from '../../client/amounts.ts'
import type { Series } from '../../preview/series.ts'
import { texts } from '../../texts.ts'
import type { Html } from '../html.ts'

const words = texts.preview
const [width, height] = [640, 170]
const edge = { left: 56, right: 8, top: 10, bottom: 22 } as const

/** A small chart for each column of numbers. */
export function plots(series: readonly Series[]): Html | '' {
  if (series.length === 0) return ''
  return html`<section class="plots" aria-label="${words.plots}">${series.map(plot)}</section>`
}

function plot(series: Series): Html {
  const { axis, from, name, points, to } = series
  const [firstX, lastX] = [points[0]?.[0] ?? 0, points.at(-1)?.[0] ?? 1]
  const label = (x: number): string => (axis === 'time' ? minute(x) : String(x))
  const bottom = height - edge.bottom
  const alternative = words.plotOf(name, label(firstX), label(lastX), [number(from), number(to)])
  return html`<figure class="plot">
    <figcaption>${name}</figcaption>
    <svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${alternative}">
      <path
        class="grid"
        d="M${edge.left} ${edge.top}H${width - edge.right}M${edge.left} ${bottom}H${width - edge.right}"
      />
      <polyline class="line" points="${line(series)}" />
      <text x="${edge.left - 6}" y="${edge.top + 4}" text-anchor="end">${number(to)}</text>
      <text x="${edge.left - 6}" y="${bottom + 4}" text-anchor="end">${number(from)}</text>
      <text x="${edge.left}" y="${height - 4}">${label(firstX)}</text>
      <text x="${width - edge.right}" y="${height - 4}" text-anchor="end">${label(lastX)}</text>
    </svg>
  </figure>`
}

/** Corners of the line. Of many points in one column of pixels the lowest and the highest are kept. */
function line({ from, points, to }: Series): string {
  const [firstX, lastX] = [points[0]?.[0] ?? 0, points.at(-1)?.[0] ?? 1]
  const scaleX = (width - edge.left - edge.right) / (lastX - firstX || 1)
  const scaleY = (height - edge.top - edge.bottom) / (to - from || 1)
  const place = ([x, y]: readonly [number, number]): string => {
    const [left, down] = [edge.left + (x - firstX) * scaleX, height - edge.bottom - (y - from) * scaleY]
    return `${left.toFixed(1)},${down.toFixed(1)}`
  }
  return thinned(points, width - edge.left - edge.right)
    .map(place)
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
