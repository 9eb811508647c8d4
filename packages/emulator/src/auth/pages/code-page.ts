import { html } from 'hono/html'
import { layout } from './layout.ts'
import type { Html } from './respond.ts'

export interface CodePage {
  readonly code: string | null
  readonly error: string | null
}

export function codePage({ code, error }: CodePage): Html {
  if (code === null) {
    return layout(
      'No code',
      html`<h1>No code</h1>
        <p class="sentence">${error ?? 'This address was opened without a code.'}</p>`,
    )
  }
  return layout(
    'Authorization code',
    html`<h1>Your authorization code</h1>
      <p class="sentence">Copy it into the program that asked for it. It works once.</p>
      <p class="code"><code>${code}</code></p>`,
  )
}
