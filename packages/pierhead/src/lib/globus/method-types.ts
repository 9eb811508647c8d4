import type { BaseServiceMethodOptions, SDKOptions } from '@globus/sdk/services/types'
import type { CallOptions } from './client-options.ts'
import type { List } from './list.ts'
import type { Paging } from './paging.ts'

/**
 * What a method of the SDK takes before its options for the transport: one id or an object of ids, and then the query or
 * the payload. The SDK's positions vary and `function.length` does not tell, so that a table says it; {@link TableFor}
 * makes the compiler compare the table with the SDK's types.
 */
export type Takes =
  'nothing' | 'query' | 'payload' | 'id' | 'id query' | 'id payload' | 'ids' | 'ids query' | 'ids payload'

export interface Method {
  readonly takes: Takes
  /** The path of its items in a page, when it is a list; `''` when the page is the list itself. */
  readonly lists?: string
  readonly paging?: Paging
  /** A POST that may be sent twice. */
  readonly idempotent?: true
  /** The resource server is the id itself: running a flow. */
  readonly tokenOf?: 'id'
}

/** A table of methods, in the shape of a module of the SDK. */
export interface Table {
  readonly [name: string]: Method | Table
}

type Function = (...args: never[]) => Promise<Response>

/** `O` without the part that every method has, which would allow any query parameter. The SDK adds it in two forms. */
type Own<O> = O extends infer S & BaseServiceMethodOptions ? Stripped<S> : Stripped<O>
type Stripped<O> = O extends infer S & Extra ? S : O
interface Extra {
  query?: BaseServiceMethodOptions['query']
  headers?: BaseServiceMethodOptions['headers']
}
type Options<F extends Function> =
  Required<Parameters<F>> extends readonly [...infer _Ids, infer O, SDKOptions] ? NonNullable<O> : never
type Part<O, Name extends string> = O extends { readonly [K in Name]?: infer Value } ? Present<Value> : never
/** Like `NonNullable`, but editors show what is left instead of this name. */
type Present<T> = T extends null | undefined ? never : T
type IsAny<T> = 0 extends 1 & T ? true : false
/** Not the SDK's own "anything goes". */
type Specific<T> = IsAny<T> extends true ? never : string extends keyof T ? (unknown extends T[string] ? never : T) : T

type Query<F extends Function> = Specific<Part<Own<Options<F>>, 'query'>>
type Payload<F extends Function> = Specific<Part<Own<Options<F>>, 'payload'>>
type Ids<F extends Function> = Required<Parameters<F>> extends readonly [infer I, unknown, SDKOptions] ? I : never

type Inputs<F extends Function> =
  'nothing' | ([Query<F>] extends [never] ? never : 'query') | ([Payload<F>] extends [never] ? never : 'payload')
type Joined<First extends string, Second extends string> = Second extends 'nothing' ? First : `${First} ${Second}`
type TakesOf<F extends Function> = [Ids<F>] extends [never]
  ? Inputs<F>
  : Joined<Ids<F> extends string ? 'id' : 'ids', Inputs<F>>

/** The tables that fit a module: only its methods, each with arguments that it has in places where it has them. */
export type TableFor<Module> = {
  readonly [Name in keyof Module]?: Module[Name] extends Function
    ? Method & { readonly takes: TakesOf<Module[Name]> }
    : TableFor<Module[Name]>
}

/** Parsed JSON of an answer; `unknown` where the SDK has no type. */
type Result<F extends Function> =
  Awaited<ReturnType<F>> extends { json(): Promise<infer Json> } ? (IsAny<Json> extends true ? unknown : Json) : unknown

type Item<Page, Lists> = Lists extends ''
  ? Page extends readonly (infer T)[]
    ? T
    : unknown
  : Lists extends keyof Page
    ? NonNullable<Page[Lists]> extends readonly (infer T)[]
      ? T
      : unknown
    : unknown

type Answer<F extends Function, Fixed> = [Fixed] extends [never] ? Result<F> : Fixed
type Returned<F extends Function, M, Fixed> = M extends { readonly lists: infer Lists }
  ? List<Item<Answer<F, Fixed>, Lists>, Answer<F, Fixed>>
  : Promise<Answer<F, Fixed>>

/** One method of a client. `Fixed` is the type of the answer where the SDK's is wrong. */
export type Bound<F extends Function, M, Fixed = never> = M extends { readonly takes: infer T }
  ? T extends 'nothing'
    ? (options?: CallOptions) => Returned<F, M, Fixed>
    : T extends 'query'
      ? WithQuery<Query<F>, Returned<F, M, Fixed>>
      : T extends 'payload'
        ? (payload: Payload<F>, options?: CallOptions) => Returned<F, M, Fixed>
        : T extends 'id' | 'ids'
          ? (id: Ids<F>, options?: CallOptions) => Returned<F, M, Fixed>
          : T extends 'id query' | 'ids query'
            ? WithIdAndQuery<Ids<F>, Query<F>, Returned<F, M, Fixed>>
            : (id: Ids<F>, payload: Payload<F>, options?: CallOptions) => Returned<F, M, Fixed>
  : never

type WithQuery<Q, R> = {} extends Q ? (query?: Q, options?: CallOptions) => R : (query: Q, options?: CallOptions) => R
type WithIdAndQuery<Id, Q, R> = {} extends Q
  ? (id: Id, query?: Q, options?: CallOptions) => R
  : (id: Id, query: Q, options?: CallOptions) => R

/** A client: the methods that a table names, under the SDK's names. `Fixes` has answers that the SDK types wrongly. */
export type Bindings<Module, T, Fixes = {}> = {
  readonly [Name in keyof T & keyof Module]: Module[Name] extends Function
    ? Bound<Module[Name], T[Name], Name extends keyof Fixes ? Fixes[Name] : never>
    : Bindings<Module[Name], T[Name], Name extends keyof Fixes ? Fixes[Name] : {}>
}
