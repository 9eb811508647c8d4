import * as z from 'zod'

/** How Groups and Search behave where nobody outside Globus knows, or where a test wants it otherwise. */
export interface ServicesBehaviour {
  /**
   * Status of a high-assurance group that wants a recent login. 403 (default), as all requirements of Globus Auth; the API description of
   * Groups has the document with `authorization_parameters` under 401.
   */
  groupSessionStatus: 401 | 403
}

/** Checks a whole set of options; `.partial()` checks changes. */
export const servicesBehaviour: z.ZodObject<{ [Name in keyof ServicesBehaviour]: z.ZodType<ServicesBehaviour[Name]> }> =
  z.strictObject({ groupSessionStatus: z.union([z.literal(401), z.literal(403)]) })

export const defaultServicesBehaviour: Readonly<ServicesBehaviour> = { groupSessionStatus: 403 }
