import { html } from 'hono/html'
import type { StyleName } from '../../assets.ts'
import type { Choice, LoadedPane } from '../../files/load-pane.ts'
import type { Place } from '../../files/place.ts'
import { placeUrl, withChoice, type Side } from '../../files/place.ts'
import { texts } from '../../texts.ts'
import { inAscii, type Html } from '../html.ts'
import { layout, type Site } from '../layout.ts'
import type { Person } from '../person.ts'
import { choosePane } from './choose-pane.ts'
import { paneView } from './pane.ts'

export interface FilesView {
  readonly person: Person
  readonly csrfToken: string
  readonly subject: string
  readonly place: Place
  readonly left: LoadedPane | Choice
  readonly right: LoadedPane | Choice | undefined
  /** What was just done. */
  readonly notice: Html | undefined
}

const words = texts.files

/** Stylesheets beside that of every page. */
export const filesStyles: readonly StyleName[] = ['files.css']

/** One or two folders side by side, as in a file manager. */
export function filesPage(site: Site, view: FilesView): string {
  const { csrfToken, left, notice, person, place, right, subject } = view
  const shown = 'pane' in left ? left : undefined
  const name = shown?.collection?.name ?? words.title
  const { start } = site
  const side = (one: Side, here: LoadedPane | Choice, other: LoadedPane | Choice | undefined): Html =>
    'pane' in here
      ? paneView({
          place,
          side: one,
          loaded: here,
          other: isOpen(other) ? other : undefined,
          start,
          csrfToken,
          subject,
        })
      : choosePane(place, one, here)
  return layout(site, {
    title: name,
    current: 'collections',
    person,
    csrfToken,
    shape: 'wide',
    styles: filesStyles,
    scripts: ['files.ts'],
    head: html`<h1>${words.title}</h1>
      ${
        right === undefined
          ? html`<a class="button quiet" href="${placeUrl(withChoice(place, 'right'))}">${words.openSecond}</a>`
          : html`<a class="button quiet" href="${placeUrl({ left: place.left, right: undefined })}"
              >${words.closeSecond}</a
            >`
      }`,
    body: html`${notice === undefined ? '' : html`<p class="notice" role="status">${notice}</p>`}
      <div class="panes ${right === undefined ? 'one' : 'two'}" data-words="${scriptWords}">
        ${side('left', left, right)} ${right === undefined ? '' : side('right', right, left)}
      </div>
      ${hasRows(left) || hasRows(right) ? html`<p class="muted keys">${words.keys}</p>` : ''}`,
  })
}

const isOpen = (one: LoadedPane | Choice | undefined): one is LoadedPane => one !== undefined && 'pane' in one

const hasRows = (one: LoadedPane | Choice | undefined): boolean => isOpen(one) && !('failure' in one.content)

/** Words that the script puts into the page. */
const scriptWords = inAscii(
  JSON.stringify({
    nothing: texts.files.selected(0),
    selected: texts.files.selected(2).replace('2', '#'),
    count: texts.files.count(1, 2).replace('1', '#').replace('2', '##'),
    all: texts.files.count(2, 2).replace('2', '#'),
    noMatch: texts.files.noMatch('#'),
    emptyFolder: texts.files.emptyFolder,
    tooMany: texts.files.tooMany,
    ...texts.uploads,
  }),
)
