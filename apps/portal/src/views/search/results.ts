import { html } from 'hono/html'
import type { SearchConfig } from '../../config/types.ts'
import type { FacetCount, SearchAnswer } from '../../search/ask-search.ts'
import type { SearchRecord } from '../../search/record.ts'
import { deepest, recordUrl, searchUrl, without, type SearchQuery } from '../../search/search-address.ts'
import { texts } from '../../texts.ts'
import type { Html } from '../html.ts'
import { layout, type Site } from '../layout.ts'
import type { Person } from '../person.ts'

export interface ResultsView {
  readonly answer: SearchAnswer
  readonly config: SearchConfig
  readonly loginUrl: string
  readonly person: Person | undefined
  readonly query: SearchQuery
}

const words = texts.search

/** Results beside what narrows them down. One form holds both, so that it works without scripts. */
export function resultsPage(site: Site, view: ResultsView): string {
  const { answer, config, loginUrl, person, query } = view
  const facets = answer.facets.filter(({ values }) => values.length > 0)
  return layout(site, {
    title: query.text === '' ? config.title : `${query.text} · ${config.title}`,
    current: 'search',
    person,
    forAll: true,
    loginUrl,
    styles: ['search.css'],
    head: html`<h1>${config.title}</h1>
      <p class="lead">${words.lead(config.title)}</p>`,
    body: html`<form class="search-page" action="/search" role="search">
      <div class="words">
        <label for="q" class="above">${words.label}</label>
        <div class="search-line">
          <input id="q" name="q" type="search" value="${query.text}" maxlength="500" autocomplete="off" />
          <button class="button">${words.button}</button>
        </div>
      </div>
      ${facets.length === 0 ? '' : facetsColumn(facets, query)}
      <section class="results" aria-labelledby="count">
        <h2 id="count" class="count">${countLine(view)}</h2>
        ${chosenLine(view)}
        ${
          answer.records.length === 0
            ? nothing(view)
            : html`<ol class="framed records" start="${(query.page - 1) * config.pageSize + 1}">
                ${answer.records.map(result)}
              </ol>`
        }
        ${answer.total > deepest ? html`<p class="muted">${words.limit}</p>` : ''} ${pager(view)}
      </section>
    </form>`,
  })
}

function countLine({ answer, config, query }: ResultsView): Html | string {
  const { pages, records, total } = answer
  if (pages === 1 || records.length === 0) return words.found(total)
  const from = (query.page - 1) * config.pageSize
  const range = words.range(from + 1, from + records.length)
  return html`${words.found(total)}, <span class="muted">${words.shown} ${range}</span>`
}

function facetsColumn(facets: readonly FacetCount[], query: SearchQuery): Html {
  // On a narrow screen it is in the way until somebody wants it.
  return html`<details class="facets" ${query.chosen.size > 0 ? html`open` : ''}>
    <summary>${words.filters}</summary>
    <div>
      ${facets.map(facet)}
      <button class="button quiet">${words.apply}</button>
    </div>
  </details>`
}

function facet({ field, title, values }: FacetCount): Html {
  return html`<fieldset>
    <legend>${title}</legend>
    ${values.map(
      ({ count, isChosen, value }) =>
        html`<label>
          <input type="checkbox" name="in.${field}" value="${value}" ${isChosen ? html`checked` : ''} />
          <span>${value}</span> <span class="muted">${count}</span>
        </label>`,
    )}
  </fieldset>`
}

function chosenLine({ config, query }: ResultsView): Html | '' {
  if (query.chosen.size === 0) return ''
  const titles = new Map(config.facets.map(({ field, title }) => [field, title]))
  const all = [...query.chosen].flatMap(([field, values]) => values.map((value) => ({ field, value })))
  return html`<p class="chosen">
    <span class="muted">${words.chosen}</span>
    ${all.map(({ field, value }) => {
      const title = titles.get(field) ?? field
      const label = words.remove(title, value)
      return html`<a class="badge" href="${searchUrl(without(query, field, value))}" aria-label="${label}"
        >${title}: ${value} <span aria-hidden="true">×</span></a
      > `
    })}
    <a href="${searchUrl({ ...query, page: 1, chosen: new Map() })}">${words.clear}</a>
  </p>`
}

function result({ facts, heading, subject }: SearchRecord): Html {
  return html`<li>
    <h3><a href="${recordUrl(subject)}">${heading}</a></h3>
    ${
      facts.length === 0
        ? ''
        : html`<dl class="inline">
            ${facts.map(
              ({ title, value }) =>
                html`<div>
                  <dt>${title}:</dt>
                  <dd>${value}</dd>
                </div>`,
            )}
          </dl>`
    }
  </li>`
}

function nothing({ loginUrl, person, query }: ResultsView): Html {
  return html`<div class="empty">
    <p>${query.text === '' ? words.none : words.noMatch(query.text)} ${words.advice}</p>
    ${person === undefined ? html`<p>${words.adviceLogin} <a href="${loginUrl}">${words.logInForMore}</a></p>` : ''}
  </div>`
}

function pager({ answer: { pages }, query }: ResultsView): Html | '' {
  if (pages === 1) return ''
  const link = (page: number, text: string, rel: string) =>
    html`<a class="button quiet" rel="${rel}" href="${searchUrl({ ...query, page })}">${text}</a>`
  return html`<nav class="pager" aria-label="${words.pages}">
    ${query.page > 1 ? link(Math.min(query.page - 1, pages), words.previous, 'prev') : ''}
    <span>${words.pageOf(query.page, pages)}</span>
    ${query.page < pages ? link(query.page + 1, words.next, 'next') : ''}
  </nav>`
}
