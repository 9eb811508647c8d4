import * as z from 'zod'
import { isLink, isSafeUrl, isStoreUrl } from './addresses.ts'
import { contrast, surfaces } from './colours.ts'
import type { AccessRule } from './types.ts'

/** The absolute path of an image that is there and not too large, else undefined. */
export type ImageFinder = (path: string, mostKilobytes: number) => string | undefined

const file = (image: ImageFinder, mostKilobytes: number) =>
  z.string().transform((path, context) => {
    const found = image(path, mostKilobytes)
    if (found === undefined) context.addIssue({ code: 'custom' })
    return found
  })

const text = (most: number) => z.string().trim().min(1).max(most)
const uuid = z.guid().toLowerCase()
const oneOrMore = <T>(item: z.ZodType<T>) =>
  z.union([z.array(item).min(1), item.transform((one): readonly T[] => [one])]).default([])

const port = z
  .union([z.int(), z.string().regex(/^\d{1,5}$/)])
  .transform(Number)
  .pipe(z.number().min(1).max(65_535))

const address = z.string().refine(isSafeUrl)
const domain = z
  .string()
  .toLowerCase()
  .regex(/^(?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)+[a-z]{2,}$/)
const identity = z.union([
  z.guid().toLowerCase(),
  z
    .string()
    .toLowerCase()
    .regex(/^[^@\s]+@[^@\s]+$/),
])
const identities = z.array(identity).min(1).default([])
const contact = z.string().refine((one) => /^[^@\s:]+@[^@\s:]+\.[^@\s:]+$/.test(one) || one.startsWith('https:'))

/** A rule without a condition lets everybody in, which nobody who writes one means. */
const conditions = z
  .strictObject({ group: oneOrMore(uuid), domain: oneOrMore(domain), identities })
  .refine((one) => one.group.length + one.domain.length + one.identities.length > 0)
  .transform(({ domain: domains, group: groups, ...one }): AccessRule => ({ groups, domains, ...one }))

const access = z.strictObject({ require: conditions })

/** Nothing is granted without a condition: that all may read something, its owner says at Globus. */
const datasetAccess = z.strictObject({ require: conditions, grant: z.literal('read').optional() })

const colour = (scheme: keyof typeof surfaces) =>
  z
    .string()
    .toLowerCase()
    .regex(/^#[\da-f]{6}$/)
    .refine((one) => !/^#[\da-f]{6}$/.test(one) || contrast(one, surfaces[scheme]) >= 4.5)

const site = (image: ImageFinder) =>
  z.strictObject({
    name: text(60).default('Pierhead Data Portal'),
    logo: file(image, 256).optional(),
    accent: z.strictObject({ light: colour('light').optional(), dark: colour('dark').optional() }).prefault({}),
    welcome: text(4000).optional(),
    contact: contact.optional(),
    links: z
      .array(z.strictObject({ text: text(100), href: z.string().refine(isLink) }))
      .max(20)
      .default([]),
  })

/** A folder as people write it; the portal needs it with a slash at both ends. */
const folder = z
  .string()
  .regex(/^\//)
  // oxlint-disable-next-line no-control-regex
  .refine((path) => !/[\u0000-\u001f\u007f]/.test(path) && !/\/\.{1,2}(?:\/|$)|\/\//.test(path))
  .transform((path) => (path.endsWith('/') ? path : `${path}/`))

const licence = z.union([
  text(200).transform((name) => ({ name, href: undefined })),
  z.strictObject({ name: text(200), href: z.string().refine(isLink).optional() }),
])

const thousands = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
/** Bytes, as a number or as people write it. */
const amount = z.union([
  z.int().min(0),
  z
    .string()
    .regex(/^\d{1,15}(?:\.\d{1,3})? ?(?:B|kB|MB|GB|TB|PB)$/)
    .transform((written) => {
      const [, number = '', unit = ''] = /^([\d.]+) ?(\w+)$/.exec(written) ?? []
      return Math.round(Number(number) * 1000 ** thousands.indexOf(unit))
    }),
])

const dataset = (image: ImageFinder) =>
  z.strictObject({
    id: z
      .string()
      .regex(/^[a-z\d]+(?:-[a-z\d]+)*$/)
      .max(80),
    title: text(200),
    text: z.string().max(10_000).default(''),
    image: file(image, 1024).optional(),
    imageText: z.string().max(300).default(''),
    collection: uuid,
    path: folder.default('/'),
    licence: licence.optional(),
    citation: text(2000).optional(),
    size: amount.optional(),
    files: z.int().min(0).optional(),
    keywords: z.array(text(60)).max(20).default([]),
    contact: contact.optional(),
    access: datasetAccess.optional(),
  })

const fieldName = z
  .string()
  .regex(/^[\w@-]+(?:\.[\w@-]+)*$/)
  .max(200)
const field = z
  .strictObject({ field: fieldName, title: text(100).optional() })
  .transform((one) => ({ field: one.field, title: one.title ?? one.field }))

const search = z.strictObject({
  index: uuid,
  title: text(100).default('Search'),
  heading: fieldName.default('title'),
  fields: z.array(field).max(20).default([]),
  facets: z.array(field).max(10).default([]),
  pageSize: z.int().min(1).max(100).default(20),
})

/** One on each line, or with commas between them. */
const sessionSecrets = z
  .string()
  .transform((list) => list.split(/[,\n]/).map((secret) => secret.trim()))
  .refine((list) => list.every((secret) => Buffer.byteLength(secret) >= 32))

const flag = z.union([z.boolean(), z.enum(['0', '1']).transform((one) => one === '1')])

/** The whole file, with what the environment says put over it. */
export const fileSchema = (image: ImageFinder) =>
  z.strictObject({
    server: z
      .strictObject({
        port: port.default(8888),
        listen: z.enum(['loopback', 'everywhere']).default('loopback'),
        data: text(1000).default('.pierhead'),
      })
      .prefault({}),
    session: z.strictObject({ secret: sessionSecrets, storeUrl: z.string().refine(isStoreUrl).optional() }),
    globus: z.strictObject({
      clientId: z.guid(),
      clientSecret: z.string().min(1),
      redirectUri: z.string().refine((one) => isSafeUrl(one) && new URL(one).pathname !== '/'),
      environment: z.enum(['production', 'preview']).default('production'),
      services: z.record(z.string().regex(/^[A-Z][A-Z_]*$/), address).default({}),
    }),
    metrics: z
      .strictObject({
        token: z
          .string()
          .regex(/^[!-~]{16,}$/)
          .optional(),
      })
      .prefault({}),
    development: z.strictObject({ revealTokens: flag.default(false) }).prefault({}),
    mode: z.enum(['datasets', 'browser', 'both']).default('both'),
    site: site(image).prefault({}),
    access: access.optional(),
    admins: z.strictObject({ identities, group: oneOrMore(uuid) }).prefault({}),
    datasets: z
      .array(dataset(image))
      .max(500)
      .superRefine((all, context) => {
        for (const [index, { id }] of all.entries())
          if (all.findIndex((one) => one.id === id) < index) context.addIssue({ code: 'custom', path: [index, 'id'] })
      })
      .default([]),
    search: search.optional(),
  })

export type FileSettings = z.infer<ReturnType<typeof fileSchema>>
