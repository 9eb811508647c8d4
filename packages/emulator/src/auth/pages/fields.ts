import { html } from 'hono/html'
import type { Html } from './respond.ts'

/** The hidden inputs of a form. */
export const hiddenFields = (fields: Readonly<Record<string, string>>): Html =>
  html`${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}`
