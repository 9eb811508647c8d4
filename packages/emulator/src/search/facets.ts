import * as z from 'zod'
import { badRequest } from './errors.ts'
import { parseField, timeIn, valuesAt } from './fields.ts'
import { filter, meets, type Filter } from './filters.ts'

const intervals = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second'] as const

type Interval = (typeof intervals)[number]

const common = {
  field_name: z.string().min(1).max(1000),
  name: z.string().optional(),
  additional_filters: z.array(filter).optional(),
}
const size = z.int().min(1).max(10_000)
const low = z.number()

interface FacetBase {
  readonly field_name: string
  readonly name?: string | undefined
  readonly additional_filters?: readonly Filter[] | undefined
}

interface DateHistogram extends FacetBase {
  readonly type: 'date_histogram'
  readonly date_interval: Interval
  readonly histogram_range?: { readonly low: unknown; readonly high: unknown } | undefined
}

interface NumericHistogram extends FacetBase {
  readonly type: 'numeric_histogram'
  readonly size: number
  readonly histogram_range: { readonly low: number; readonly high: number }
}

interface Measure extends FacetBase {
  readonly type: 'sum' | 'avg'
  readonly missing?: number | undefined
}

/** What may be counted: https://docs.globus.org/api/search/reference/post_query/#gfacet. Portals send `size` with every kind. */
export type Facet =
  | (FacetBase & { readonly type: 'terms'; readonly size: number })
  | (FacetBase & { readonly type: 'distinct_count' })
  | DateHistogram
  | NumericHistogram
  | Measure

export const facet: z.ZodType<Facet> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('terms'), ...common, size: size.default(10) }),
  z.object({ type: z.enum(['sum', 'avg']), ...common, missing: z.number().optional() }),
  z.object({ type: z.literal('distinct_count'), ...common }),
  z.object({
    type: z.literal('date_histogram'),
    ...common,
    date_interval: z.enum(intervals),
    histogram_range: z.object({ low: z.unknown(), high: z.unknown() }).optional(),
  }),
  z.object({
    type: z.literal('numeric_histogram'),
    ...common,
    size: z.coerce.number().pipe(size),
    histogram_range: z.object({ low, high: low }),
  }),
])

/** Counts the facets of what was found. @throws SearchError 400 when two facets have one name */
export function countFacets(facets: readonly Facet[], contents: readonly object[]): readonly object[] {
  const names = new Set(facets.map(({ name, field_name: field }) => name ?? field))
  if (names.size < facets.length) throw badRequest('Facets of the same field need names of their own')
  return facets.map((one) => ({
    '@datatype': 'GFacetResult',
    '@version': '2017-09-01',
    name: one.name ?? one.field_name,
    ...resultOf(one, contents.filter(within(one.additional_filters ?? []))),
  }))
}

const within =
  (filters: readonly Filter[]) =>
  (content: object): boolean =>
    filters.every((one) => meets(content, one))

function resultOf(one: Facet, contents: readonly object[]): object {
  const path = parseField(one.field_name)
  const values = contents.map((content) => valuesAt(content, path))
  switch (one.type) {
    case 'terms':
      return { buckets: countTerms(values, one.size) }
    case 'date_histogram':
      return { buckets: countDates(values, one) }
    case 'numeric_histogram':
      return { buckets: countNumbers(values, one) }
    case 'distinct_count':
      return { approximate_value: new Set(values.flat().map(String)).size }
    default:
      return { value: measure(values, one) }
  }
}

const bucket = (value: unknown, count: number): object => ({
  '@datatype': 'GBucket',
  '@version': '2017-09-01',
  value,
  count,
})

/** The most frequent first. An entry counts once for each value it has. */
function countTerms(values: readonly (readonly unknown[])[], most: number): object[] {
  const terms = values.flatMap((of) => Array.from(new Set(of.filter((value) => typeof value !== 'object').map(String))))
  const counts = Array.from(
    Map.groupBy(terms, (term) => term),
    ([term, all]) => [term, all.length] as const,
  )
  const byCount = counts.toSorted(([one, n], [other, m]) => m - n || (one < other ? -1 : 1))
  return byCount.slice(0, most).map(([term, count]) => bucket(term, count))
}

function countDates(values: readonly (readonly unknown[])[], one: DateHistogram): object[] {
  const [from, to] = [one.histogram_range?.low, one.histogram_range?.high].map(timeIn)
  const times = values.flat().flatMap((value) => timeIn(value) ?? timeIn(String(value)) ?? [])
  const counted = times.filter((time) => time >= (from ?? -Infinity) && time <= (to ?? Infinity))
  const counts = Map.groupBy(counted, (time) => nameOf(time, one.date_interval))
  return Array.from(counts, ([name, all]) => [name, all.length] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => bucket(name, count))
}

const digits: Readonly<Record<Exclude<Interval, 'quarter' | 'week'>, number>> = {
  year: 4,
  month: 7,
  day: 10,
  hour: 13,
  minute: 16,
  second: 19,
}

const DAY = 86_400_000

/** As much of a date as the interval has; quarters and weeks are named by their first month or day. */
function nameOf(time: number, interval: Interval): string {
  const date = new Date(time)
  if (interval === 'quarter') {
    const month = Math.floor(date.getUTCMonth() / 3) * 3
    return new Date(Date.UTC(date.getUTCFullYear(), month, 1)).toISOString().slice(0, 7)
  }
  if (interval === 'week') return new Date(time - ((date.getUTCDay() + 6) % 7) * DAY).toISOString().slice(0, 10)
  return date.toISOString().slice(0, digits[interval]).replace('T', ' ')
}

function countNumbers(values: readonly (readonly unknown[])[], one: NumericHistogram): object[] {
  const { low: from, high: to } = one.histogram_range
  if (!(to > from)) throw badRequest('histogram_range: high must be larger than low')
  const width = (to - from) / one.size
  const numbers = values
    .flat()
    .flatMap((value) => (typeof value === 'number' && value >= from && value < to ? [value] : []))
  const counts = Map.groupBy(numbers, (number) => Math.floor((number - from) / width))
  return Array.from(counts, ([index, all]) => [index, all.length] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([index, count]) => bucket({ from: from + index * width, to: from + (index + 1) * width }, count))
}

function measure(values: readonly (readonly unknown[])[], one: Measure): number {
  const numbers = values.flatMap((of) => {
    const found = of.filter((value) => typeof value === 'number')
    return found.length === 0 && one.missing !== undefined ? [one.missing] : found
  })
  const sum = numbers.reduce((total, number) => total + number, 0)
  return one.type === 'sum' ? sum : numbers.length === 0 ? 0 : sum / numbers.length
}
