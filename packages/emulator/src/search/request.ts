import * as z from 'zod'
import { facet, type Facet } from './facets.ts'
import { filter, type Filter } from './filters.ts'

/** The part of a request that says which entries are meant. */
export interface Matching {
  readonly '@version'?: string | undefined
  readonly q?: string | undefined
  readonly advanced?: boolean | undefined
  readonly q_settings?: { readonly mode: string; readonly default_operator?: string | undefined } | undefined
  readonly filters?: readonly Filter[] | undefined
  readonly post_facet_filters?: readonly Filter[] | undefined
}

interface Looking extends Matching {
  readonly bypass_visible_to?: boolean | undefined
  readonly filter_principal_sets?: readonly string[] | undefined
  readonly result_format_version?: string | undefined
  readonly limit: number
}

/** `POST …/search`: https://docs.globus.org/api/search/reference/post_query/#gsearchrequest */
export interface SearchRequest extends Looking {
  readonly offset: number
  readonly facets?: readonly Facet[] | undefined
  readonly boosts?: readonly { readonly field_name: string; readonly factor: number }[] | undefined
  readonly sort?: readonly { readonly field_name: string; readonly order: 'asc' | 'desc' }[] | undefined
}

/** `POST …/scroll` */
export interface ScrollRequest extends Looking {
  readonly marker?: string | null | undefined
}

const version = (name: string): z.ZodType<string | undefined> => z.enum(['2017-09-01', name]).optional()

const operator = z.enum(['and', 'or', 'AND', 'OR'])

const matching = {
  q: z.string().max(10_000).optional(),
  advanced: z.boolean().optional(),
  q_settings: z
    .object({ mode: z.enum(['query_string', 'advanced_query_string']), default_operator: operator.optional() })
    .optional(),
  filters: z.array(filter).max(100).optional(),
}

const looking = {
  ...matching,
  bypass_visible_to: z.boolean().optional(),
  filter_principal_sets: z.array(z.string()).optional(),
  result_format_version: z.string().optional(),
  limit: z.int().min(0).max(10_000).default(10),
}

export const searchRequest: z.ZodType<SearchRequest> = z.object({
  '@version': version('query#1.0.0'),
  ...looking,
  offset: z.int().min(0).max(10_000).default(0),
  facets: z.array(facet).max(100).optional(),
  post_facet_filters: z.array(filter).max(100).optional(),
  boosts: z.array(z.object({ field_name: z.string(), factor: z.number().min(0).max(1e6) })).optional(),
  sort: z.array(z.object({ field_name: z.string(), order: z.enum(['asc', 'desc']).default('desc') })).optional(),
})

export const scrollRequest: z.ZodType<ScrollRequest> = z.object({
  '@version': version('scroll#1.0.0'),
  ...looking,
  marker: z.string().nullish(),
})

/** `POST …/delete_by_query`; what a search may say beside is left aside. */
export const deleteRequest: z.ZodType<Matching> = z.object({ '@version': z.string().optional(), ...matching })
