/** Keeps the list of tasks and the page of one of them as they are, without loading them again. */
import { followTasks, type TaskNews } from './task-feed.ts'

const watched = [...document.querySelectorAll<HTMLElement>('[data-watch]')].flatMap(
  ({ dataset }) => dataset['watch'] ?? [],
)
const live = document.querySelector<HTMLElement>('#live')
const notify = document.querySelector<HTMLButtonElement>('#notify')
const told = new Set<string>()
const running = new Set(
  [...document.querySelectorAll('.state-active, .state-paused, .state-inactive')].flatMap((badge) => idOf(badge) ?? []),
)

followTasks({ watched, onNews: show, onStale: (isStale) => say(isStale ? (live?.dataset['stale'] ?? '') : '') })

function show(news: TaskNews): void {
  replace(`[data-task="${news.id}"]`, news.row)
  if (watched.includes(news.id)) {
    replace('#progress', news.progress)
    if (news.chart !== undefined) replace('#chart', news.chart)
    if (news.events !== undefined) replace('#events', news.events)
  }
  if (news.ended === undefined) running.add(news.id)
  else if (running.has(news.id) && !told.has(news.id)) end(news, news.ended)
}

/** Said once, where it ended while this window was open. */
function end(news: TaskNews, sentence: string): void {
  told.add(news.id)
  say(sentence)
  document.title = `✓ ${document.title}`
  if (watched.includes(news.id)) {
    document.querySelector('#cancel')?.remove()
    document.querySelector('#again')?.removeAttribute('hidden')
  }
  notify?.remove()
  if (!('Notification' in window) || Notification.permission !== 'granted') return
  const note = new Notification(sentence, { tag: news.id })
  note.addEventListener('click', () => window.focus())
}

function say(text: string): void {
  if (live && live.textContent !== text) live.textContent = text
}

/** Takes over a part as the portal wrote it; what a reader has opened in it stays open. */
function replace(selector: string, markup: string): void {
  const before = document.querySelector(selector)
  const next = new DOMParser().parseFromString(markup, 'text/html').body.firstElementChild
  if (!before || !next) return
  // Counted from the end: what is new stands first.
  const opened = [...before.querySelectorAll('details')].toReversed().map(({ open }) => open)
  const details = [...next.querySelectorAll('details')].toReversed()
  for (const [index, isOpen] of opened.entries()) if (isOpen && details[index]) details[index].open = true
  before.replaceWith(document.adoptNode(next))
}

function idOf(badge: Element): string | undefined {
  return badge.closest<HTMLElement>('[data-task], [data-watch]')?.dataset['task'] ?? watched[0]
}

if (notify && 'Notification' in window && Notification.permission !== 'denied') {
  notify.hidden = false
  notify.addEventListener('click', () => {
    void Notification.requestPermission().then((permission) => {
      if (permission === 'granted') notify.replaceWith(notify.dataset['done'] ?? '')
      else notify.remove()
    })
  })
}
