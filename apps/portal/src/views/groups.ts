import { html } from 'hono/html'
import type { Group } from 'pierhead/globus'
import { texts } from '../texts.ts'
import type { Html } from './html.ts'
import { layout, type Site } from './layout.ts'
import type { Person } from './person.ts'

const words = texts.groups
const roles: Readonly<Record<string, string>> = words.role
const statuses: Readonly<Record<string, string>> = words.status

/** The person's groups. */
export function groupsPage(site: Site, { person, groups }: { person: Person; groups: readonly Group[] }): string {
  return layout(site, {
    title: words.title,
    current: 'groups',
    person,
    styles: ['sharing.css'],
    head: html`<h1>${words.title}</h1>
      <p class="lead">${words.lead}</p>`,
    body:
      groups.length === 0
        ? html`<p class="empty">${words.none}</p>`
        : html`<ul class="groups">
            ${groups.map(
              (group) =>
                html`<li class="card">
                  <h2><a href="/groups/${group.id}">${group.name}</a></h2>
                  ${group.description ? html`<p>${group.description}</p>` : ''} ${own(group)}
                </li>`,
            )}
          </ul>`,
  })
}

/** One group, with its members where Groups shows them. */
export function groupPage(site: Site, { person, group }: { person: Person; group: Group }): string {
  const members = group.memberships ?? []
  return layout(site, {
    title: group.name,
    current: 'groups',
    person,
    styles: ['sharing.css'],
    head: html`<h1>${group.name}</h1>
      ${group.description ? html`<p class="lead">${group.description}</p>` : ''}`,
    body: html`${own(group)}
      <section class="card" aria-labelledby="members">
        <h2 id="members">${words.members}</h2>
        ${
          members.length === 0
            ? html`<p class="empty">${words.membersHidden}</p>`
            : html`<ul class="members">
                ${members.map(
                  ({ username, role, status }) =>
                    html`<li>
                      ${username}
                      ${
                        status === 'active'
                          ? html`<span class="badge plain">${roles[role] ?? role}</span>`
                          : html`<span class="badge warn">${statuses[status] ?? status}</span>`
                      }
                    </li>`,
                )}
              </ul>`
        }
      </section>
      <p class="actions"><a class="button quiet" href="/groups">${words.all}</a></p>`,
  })
}

function own({ my_memberships: memberships }: Group): Html {
  return html`<p class="muted">
    ${(memberships ?? []).map(
      ({ username, role }) => html`${words.you(username)} <span class="badge plain">${roles[role] ?? role}</span> `,
    )}
  </p>`
}
