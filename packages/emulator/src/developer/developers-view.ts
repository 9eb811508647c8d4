import { html } from 'hono/html'
import { hiddenFields } from '../auth/pages/fields.ts'
import { layout } from '../auth/pages/layout.ts'
import type { Html } from '../auth/pages/respond.ts'
import type { Client } from '../world/clients.ts'
import type { Project } from '../world/projects.ts'
import { appKinds, type AppKind } from './app-kinds.ts'

interface ProjectWithClients {
  readonly project: Project
  readonly clients: readonly Client[]
}

export interface DevelopersView {
  readonly account: string
  readonly projects: readonly ProjectWithClients[]
  /** The app that was just registered, and the lines for its `.env`. */
  readonly registered: { readonly name: string; readonly env: readonly string[] } | undefined
  readonly problem: string | undefined
}

/** Register an app, and see those that are there. */
export function developersView(view: DevelopersView): Html {
  return layout(
    'Developers',
    html`<h1>Developers</h1>
      ${view.problem === undefined ? '' : html`<p class="problem" role="alert">Not registered: ${view.problem}.</p>`}
      ${view.registered === undefined ? '' : success(view.registered)}
      ${appKinds.map((kind) => registrationForm(kind, view))} ${view.projects.map(projectSection)}`,
  )
}

const success = ({ name, env }: NonNullable<DevelopersView['registered']>): Html =>
  html`<div role="status">
    <p class="sentence">
      <strong>${name}</strong> is registered. For its <code>.env</code>; the secret is not shown again:
    </p>
    <pre>${env.join('\n')}</pre>
  </div>`

function registrationForm(kind: AppKind, { account, projects }: DevelopersView): Html {
  const field = (name: string): string => `${kind.name}-${name}`
  return html`<details>
    <summary>${kind.title}</summary>
    <form method="post" action="/v2/web/developers" class="password">
      ${hiddenFields({ account, type: kind.name })}
      <label for="${field('name')}">App name</label>
      <input id="${field('name')}" name="name" required />
      ${
        kind.takesRedirects
          ? html`<label for="${field('redirects')}">Redirects, one per line</label>
              <textarea id="${field('redirects')}" name="redirect_uris" rows="2"></textarea>`
          : ''
      }
      <label for="${field('project')}">Project</label>
      <select id="${field('project')}" name="project">
        ${projects.map(({ project }) => html`<option value="${project.id}">${project.displayName}</option>`)}
        <option value="new">A new project</option>
      </select>
      <button class="primary">Register App</button>
    </form>
  </details>`
}

function projectSection({ project, clients }: ProjectWithClients): Html {
  return html`<section>
    <h2>${project.displayName}</h2>
    <ul class="scopes">
      ${clients.map(
        ({ id, name, clientType, redirectUris }) =>
          html`<li>
            <strong>${name}</strong> <small>${clientType} · ${id}</small>
            ${redirectUris.slice(0, 3).map((uri) => html`<small>${uri}</small>`)}
          </li>`,
      )}
    </ul>
  </section>`
}
