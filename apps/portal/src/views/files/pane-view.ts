import type { Choice, LoadedPane } from '../../files/load-pane.ts'
import { placeUrl, type Place, type Side } from '../../files/place.ts'
import type { Start } from '../layout.ts'

/** What the parts of one pane are made from. */
export interface PaneView {
  readonly place: Place
  readonly side: Side
  readonly loaded: LoadedPane
  /** What stands on the other side. */
  readonly other: LoadedPane | Choice | undefined
  readonly start: Start
  readonly csrfToken: string
  /** Id of the person whose page it is. */
  readonly subject: string
}

/** Where a form of a pane is sent: the address holds the whole place, to come back to. */
export function actionUrl(name: string, place: Place, side: Side): string {
  const [path = '', query = ''] = placeUrl(place).split('?', 2)
  return `${path}/${name}?${query}${query === '' ? '' : '&'}side=${side}`
}
