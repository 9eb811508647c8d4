import type { Portal } from '../../src/portal.ts'
import { collections } from './files.ts'

export interface Route {
  readonly method: string
  readonly path: string
}

const task = '3b0f7a52-6a0e-4c5e-9d56-0a4b1c2d3e4f'

/** Every route that the portal has, with something in the place of its parameters. */
export function routesOf({ app }: Portal, dataset = 'tides'): Route[] {
  const routes = app.routes.filter(({ method, path }) => method !== 'ALL' && !path.includes('*'))
  const all = routes.map(({ method, path }) => ({ method, path: fill(path, dataset) }))
  return [...new Map(all.map((route) => [`${route.method} ${route.path}`, route])).values()]
}

function fill(path: string, dataset: string): string {
  if (path.startsWith('/data/')) return path.replace(':id', dataset)
  if (path.startsWith('/transfers/')) return path.replace(':id', task)
  const filled = path.replace(':id', collections.tideCrewWorkspace)
  return /\/(entries|preview|content|upload-check)$/.test(filled) ? `${filled}?path=%2Fnotes.txt` : filled
}
