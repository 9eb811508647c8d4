import { access } from './texts/access.ts'
import { collections } from './texts/collections.ts'
import { data } from './texts/data.ts'
import { search } from './texts/search.ts'
import { shell } from './texts/shell.ts'

/** Every word that pages show and no service sent. A translation is another object of this shape. */
export const texts = { access, collections, data, search, shell } as const
