import * as z from 'zod'
import { notImitated } from './errors.ts'
import { compareValues, isSame, matchesGlob, parseField, valuesAt } from './fields.ts'

interface Range {
  readonly from?: unknown
  readonly to?: unknown
  readonly gte?: unknown
  readonly gt?: unknown
  readonly lte?: unknown
  readonly lt?: unknown
}

interface Point {
  readonly lat: number
  readonly lon: number
}

/** A condition on the content of entries: https://docs.globus.org/api/search/reference/post_query/#gfilter. */
export type Filter = { readonly post_filter?: boolean | undefined } & (
  | { readonly type: 'match_all' | 'match_any'; readonly field_name: string; readonly values: readonly unknown[] }
  | { readonly type: 'range'; readonly field_name: string; readonly values: readonly Range[] }
  | { readonly type: 'exists'; readonly field_name: string }
  | { readonly type: 'like'; readonly field_name: string; readonly value: string }
  | { readonly type: 'not'; readonly filter: Filter }
  | { readonly type: 'and'; readonly filters: readonly Filter[] }
  | { readonly type: 'or'; readonly filters: readonly Filter[] }
  | {
      readonly type: 'geo_bounding_box'
      readonly field_name: string
      readonly top_left: Point
      readonly bottom_right: Point
    }
  | { readonly type: 'geo_shape'; readonly field_name: string }
)

const field_name = z.string().min(1).max(1000)
const post_filter = z.boolean().optional()
const bound = z.union([z.string(), z.number()]).optional()
const range = z.object({ from: bound, to: bound, gte: bound, gt: bound, lte: bound, lt: bound })
const scalar = z.union([z.string(), z.number(), z.boolean()])
const point = z.object({ lat: z.number().min(-90).max(90), lon: z.number().min(-180).max(180) })

const match = { field_name, post_filter, values: z.array(scalar).min(1) }

export const filter: z.ZodType<Filter> = z.lazy(() =>
  z.discriminatedUnion('type', [
    z.object({ type: z.literal('match_all'), ...match }),
    z.object({ type: z.literal('match_any'), ...match }),
    z.object({ type: z.literal('range'), field_name, post_filter, values: z.array(range).min(1) }),
    z.object({ type: z.literal('exists'), field_name, post_filter }),
    z.object({ type: z.literal('like'), field_name, post_filter, value: z.string().max(1000) }),
    z.object({ type: z.literal('not'), post_filter, filter }),
    z.object({ type: z.literal('and'), post_filter, filters: z.array(filter) }),
    z.object({ type: z.literal('or'), post_filter, filters: z.array(filter) }),
    z.object({ type: z.literal('geo_bounding_box'), field_name, post_filter, top_left: point, bottom_right: point }),
    z.object({ type: z.literal('geo_shape'), field_name, post_filter }),
  ]),
)

/** Whether content meets a filter. */
export function meets(content: object, condition: Filter): boolean {
  if (condition.type === 'not') return !meets(content, condition.filter)
  if (condition.type === 'and') return condition.filters.every((one) => meets(content, one))
  if (condition.type === 'or') return condition.filters.some((one) => meets(content, one))
  if (condition.type === 'geo_shape') throw notImitated('filters of type geo_shape')
  const path = parseField(condition.field_name)
  if (condition.type === 'geo_bounding_box') return pointsAt(content, path).some((one) => isInside(one, condition))
  const values = valuesAt(content, path)
  switch (condition.type) {
    case 'exists':
      return values.length > 0
    case 'like':
      return values.some((value) => typeof value === 'string' && isLike(value, condition.value))
    case 'range':
      return values.some((value) => condition.values.some((one) => isInRange(value, one)))
    case 'match_all':
      return condition.values.every((wanted) => values.some((value) => isSame(value, wanted)))
    default:
      return condition.values.some((wanted) => values.some((value) => isSame(value, wanted)))
  }
}

const isLike = (text: string, pattern: string): boolean => matchesGlob(text.toLowerCase(), pattern.toLowerCase())

/** Both ends count, and `*` is no end. An upper end that is a part of a date takes in all of it. */
export function isInRange(value: unknown, { from, to, gte, gt, lte, lt }: Range): boolean {
  const holds = (end: unknown, accept: (order: number) => boolean): boolean => {
    if (end === undefined || end === '*') return true
    const order = compareValues(value, end)
    return order !== undefined && accept(order)
  }
  const within = (end: unknown): boolean =>
    (typeof value === 'string' && typeof end === 'string' && /^\d{4}-/.test(value) && value.startsWith(end)) ||
    holds(end, (order) => order <= 0)
  return (
    holds(from, (order) => order >= 0) &&
    holds(gte, (order) => order >= 0) &&
    holds(gt, (order) => order > 0) &&
    within(to) &&
    within(lte) &&
    holds(lt, (order) => order < 0)
  )
}

type Box = Extract<Filter, { type: 'geo_bounding_box' }>

function pointsAt(content: object, path: readonly string[]): readonly Point[] {
  const points = valuesAt(content, path).flatMap((value) => point.safeParse(value).data ?? [])
  if (points.length > 0) return points
  // GeoJSON has the longitude first.
  const [lon, lat] = valuesAt(content, path)
  return typeof lon === 'number' && typeof lat === 'number' ? [{ lat, lon }] : []
}

function isInside({ lat, lon }: Point, { top_left: topLeft, bottom_right: bottomRight }: Box): boolean {
  if (lat > topLeft.lat || lat < bottomRight.lat) return false
  const crosses = topLeft.lon > bottomRight.lon
  return crosses ? lon >= topLeft.lon || lon <= bottomRight.lon : lon >= topLeft.lon && lon <= bottomRight.lon
}
