import { html } from 'hono/html'
import { layout } from '../auth/pages/layout.ts'
import type { Html } from '../auth/pages/respond.ts'
import type { ConsentNode, Named, RequestDescription, RequestSummary, SessionDescription } from './describe.ts'

/** The last requests, the newest first. */
export function listPage(requests: readonly RequestSummary[]): Html {
  return layout(
    'Inspector',
    html`<div class="wide">
      <h1>The last requests</h1>
      <p class="hint">
        The newest first, at most 1,000. Secrets are shown as ‹fingerprints›. As JSON:
        <a href="/inspector.json">/inspector.json</a>
      </p>
      ${requests.length === 0 ? html`<p class="sentence">Nobody has asked for anything yet.</p>` : requestTable(requests)}
    </div>`,
  )
}

const requestTable = (requests: readonly RequestSummary[]): Html =>
  html`<table>
    <thead>
      <tr>
        <th scope="col">Time</th>
        <th scope="col">Request</th>
        <th scope="col">Answer</th>
        <th scope="col">Client</th>
        <th scope="col">Identity</th>
        <th scope="col">Scopes</th>
      </tr>
    </thead>
    <tbody>
      ${requests.map(requestRow)}
    </tbody>
  </table>`

const requestRow = (request: RequestSummary): Html =>
  html`<tr>
    <td><time datetime="${request.at}">${request.at.slice(11, 23)}</time></td>
    <td><a href="/inspector/${request.id}">${request.method} ${request.path}</a></td>
    <td class="${isRefusal(request) ? 'problem' : ''}">
      ${request.status === 0 ? 'cut' : request.status}${request.reason === null ? '' : html`<small>${request.reason}</small>`}
    </td>
    <td>${nameOf(request.client)}</td>
    <td>${nameOf(request.identity)}</td>
    <td>${request.scopes.map((scope) => html`<small>${scope}</small>`)}</td>
  </tr>`

/** Everything that is known of one request. */
export function requestPage(request: RequestDescription): Html {
  return layout(
    `${request.method} ${request.path}`,
    html`<div class="wide">
      <p class="hint"><a href="/inspector">All requests</a></p>
      <h1>${request.method} ${request.path}</h1>
      ${verdict(request)}
      <dl>
        ${entry('Answer', request.status === 0 ? 'the connection was cut' : String(request.status))}
        ${entry('Time', `${request.at}, ${request.milliseconds} ms`)} ${entry('Request id', request.id)}
        ${entry('Client', describeNamed(request.client))} ${entry('Identity', describeNamed(request.identity))}
        ${entry('Scopes', request.scopes.join(' '))} ${entry('Shown', request.credential)}
        ${entry('Sent to', request.sent_to)}
      </dl>
      ${consents(request)} ${session(request.session)} ${parameters(request)}
      ${
        request.answer === null
          ? ''
          : html`<h2>Answer</h2>
              <pre>${JSON.stringify(request.answer, null, 2)}</pre>`
      }
    </div>`,
  )
}

function verdict({ refusal, advice, authorize_url }: RequestDescription): Html {
  if (refusal === null) return html`<p class="message">Nothing was refused.</p>`
  return html`<p class="message"><strong>${refusal}</strong></p>
    ${advice === null ? '' : html`<p class="sentence">${advice}</p>`}
    ${
      authorize_url === null
        ? ''
        : html`<p class="sentence"><a href="${authorize_url}">${authorize_url}</a></p>
            <p class="hint">
              Opened by hand it records the consent; the app will not take a code that it did not ask for.
            </p>`
    }`
}

function consents({ consents }: RequestDescription): Html | '' {
  if (consents === null) return ''
  if (consents.length === 0)
    return html`<h2>Consents</h2>
      <p class="hint">This person has allowed this app nothing.</p>`
  return html`<h2>Consents of this person for this app, now</h2>
    ${tree(consents)}`
}

const tree = (nodes: readonly ConsentNode[]): Html =>
  html`<ul class="scopes">
    ${nodes.map(
      (node) =>
        html`<li>
          ${node.scope}${node.optional ? html` <em>(optional)</em>` : ''}
          <small>since ${node.granted_at}</small>
          ${node.dependencies.length === 0 ? '' : tree(node.dependencies)}
        </li>`,
    )}
  </ul>`

function session(session: SessionDescription | null): Html | '' {
  if (session === null) return ''
  return html`<h2>Session</h2>
    <p class="hint">${session.session_id}: who had logged in when the token’s code was issued</p>
    <ul class="scopes">
      ${session.authentications.map(
        ({ identity, at, mfa }) =>
          html`<li>${nameOf(identity)}<small>at ${at}${mfa ? ', with a second factor' : ''}</small></li>`,
      )}
    </ul>`
}

function parameters({ parameters }: RequestDescription): Html | '' {
  if (parameters.length === 0) return ''
  return html`<h2>What was sent</h2>
    <dl>${parameters.map(({ name, value }) => entry(name, value))}</dl>`
}

const entry = (name: string, value: string | null): Html | '' =>
  value === null || value === ''
    ? ''
    : html`<div>
        <dt>${name}</dt>
        <dd>${value}</dd>
      </div>`

const nameOf = (named: Named | null): string => named?.name ?? named?.id ?? ''

const describeNamed = (named: Named | null): string | null =>
  named === null ? null : named.name === null ? named.id : `${named.name} (${named.id})`

const isRefusal = ({ status, reason }: RequestSummary): boolean => status >= 400 || status === 0 || reason !== null
