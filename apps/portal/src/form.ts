import type { Context } from 'hono'

/** The fields of a form. The login's check may have read it already; Hono keeps the text. */
export async function readForm(c: Context): Promise<URLSearchParams> {
  return new URLSearchParams(await c.req.text())
}
