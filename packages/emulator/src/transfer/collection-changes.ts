import * as z from 'zod'
import type { CollectionDocument } from '../world/collections.ts'

/** What people write about a collection, as documents of Transfer and of a GCS manager name it. */
export interface Description {
  readonly display_name?: string | undefined
  readonly description?: Text
  readonly organization?: Text
  readonly department?: Text
  readonly contact_email?: Text
  readonly info_link?: Text
  readonly default_directory?: Text
  readonly public?: boolean | undefined
}
type Text = string | null | undefined

export const text: z.ZodType<Text> = z.string().max(4096).nullish()

/** Without `keywords`, which are a text in the one service and a list in the other. */
export const description: z.ZodType<Description> = z.looseObject({
  display_name: z.string().min(1).max(128).optional(),
  description: text.optional(),
  organization: text.optional(),
  department: text.optional(),
  contact_email: text.optional(),
  info_link: text.optional(),
  default_directory: text.optional(),
  public: z.boolean().optional(),
})

type Changes = { readonly [Key in keyof CollectionDocument]?: CollectionDocument[Key] | undefined }

/** What the world is told to change: what the document names, and no more. */
export function describedChanges(document: Description, more: Changes): Partial<CollectionDocument> {
  const wanted: Changes = {
    displayName: document.display_name,
    description: document.description,
    organization: document.organization,
    department: document.department,
    contactEmail: document.contact_email,
    infoLink: document.info_link,
    defaultDirectory: document.default_directory,
    public: document.public,
    ...more,
  }
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined))
}
