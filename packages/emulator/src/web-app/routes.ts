import type { Route } from '../routes.ts'
import { showActivity } from './activity.ts'
import { showPicker } from './picker.ts'

/** The pages of the Globus web app that other apps send people to. */
export const webAppRoutes: readonly Route[] = [
  { method: 'GET', path: '/file-manager', name: 'web-pages', kind: 'page', handle: showPicker },
  { method: 'GET', path: '/helpers/browse-collections', name: 'web-pages', kind: 'page', handle: showPicker },
  { method: 'GET', path: '/activity/:task', name: 'web-pages', kind: 'page', handle: showActivity },
]
