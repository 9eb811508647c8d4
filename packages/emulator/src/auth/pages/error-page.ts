import { html } from 'hono/html'
import { layout } from './layout.ts'
import type { Html } from './respond.ts'

export interface ErrorPage {
  readonly title: string
  readonly sentence: string
  readonly code: string
  /** A UUID, which the log has too. */
  readonly id: string
  readonly occurredAt: Date
}

/** The page for everything that cannot be told to the app. */
export function errorPage({ title, sentence, code, id, occurredAt }: ErrorPage): Html {
  return layout(
    title,
    html`<h1>${title}</h1>
      <p class="sentence">${sentence}</p>
      <dl>
        <div>
          <dt>Occurred at time</dt>
          <dd><time>${occurredAt.toISOString()}</time></dd>
        </div>
        <div>
          <dt>Error ID</dt>
          <dd>${id}</dd>
        </div>
        <div>
          <dt>Error code</dt>
          <dd>${code}</dd>
        </div>
      </dl>`,
  )
}
