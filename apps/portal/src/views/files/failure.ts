import { html } from 'hono/html'
import type { FileFailure } from '../../files/failure.ts'
import { parentOf } from '../../files/path.ts'
import { openFolder, placeUrl, withPane } from '../../files/place.ts'
import { texts } from '../../texts.ts'
import type { Html } from '../html.ts'
import { previewUrl } from './addresses.ts'
import type { PaneView } from './pane-view.ts'

/** Asking again would get the same answer. */
const lasting = new Set(['no_collection', 'no_folder', 'not_a_folder'])

/** Why a folder cannot be shown, in its place, and what to do. */
export function failureView({ loaded: { pane }, place, side, start }: PaneView, failure: FileFailure): Html {
  const { advice, code, detail, title } = failure
  const path = pane.path ?? '/'
  const link = (to: string | undefined, text: string): Html =>
    html`<a class="button quiet" href="${placeUrl(withPane(place, side, openFolder(pane, to)))}">${text}</a>`
  const parent = parentOf(path)
  const onward = placeUrl(withPane(place, side, { ...pane, proceed: true }))
  const proceed = html`<a class="button" href="${onward}">${texts.useIdentity}</a>`
  return html`<div class="failure" role="alert">
    <h3>${title}</h3>
    <p>${advice}</p>
    ${detail === undefined ? '' : html`<p class="muted">${texts.failureSays} ${detail}</p>`}
    <p class="actions">
      ${code === 'other_identity' ? proceed : lasting.has(code) ? '' : link(pane.path, texts.tryAgain)}
      ${parent === undefined || code === 'no_collection' || code === 'other_identity' ? '' : link(parent, texts.folderAbove)}
      ${
        code === 'not_a_folder'
          ? html`<a class="button quiet" href="${previewUrl(pane.id, path.replace(/\/$/, ''))}">${texts.openAsFile}</a>`
          : ''
      }
      <a class="button quiet" href="${start.href}">${start.text}</a>
    </p>
    <p class="reference">${texts.problems.code} <code>${code}</code></p>
  </div>`
}
