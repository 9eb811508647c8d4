import { hash, randomBytes } from 'node:crypto'
import { LoginError } from '../../errors.ts'
import { createRemembered, type Remembered } from './remembered.ts'
import { endRecord } from './session-census.ts'
import type { Sealer } from './seal.ts'
import type {
  HeldSession,
  KeeperOptions,
  NewSession,
  SessionContent,
  SessionKeeper,
  SessionView,
  UpdateResult,
} from './session-keeper.ts'
import {
  endedRecord,
  readRecord,
  replaceFields,
  writeRecord,
  type RecordSealers,
  type SessionRecord,
} from './session-record.ts'
import { maxSwaps, refuseSwaps, subjectTag, type SessionStore } from './session-store.ts'
import { absoluteEnd, expiresAt, isExpired, needsTouch } from './timeouts.ts'

export interface StoredSessionOptions extends KeeperOptions {
  readonly store: SessionStore
  readonly cookieSealer: Sealer
  readonly sealers: RecordSealers
}

/** What the cookie holds: where the record is, and the key that opens its content. */
interface Ticket {
  readonly id: string
  readonly key: Uint8Array
  readonly subject: string
}

interface Opened {
  readonly ticket: Ticket
  readonly record: SessionRecord
}

interface Context extends StoredSessionOptions {
  readonly tickets: Remembered<Ticket>
  readonly records: Remembered<Opened>
  /** Records that this process is marking as seen: a page's hundred requests at once need one write, not a hundred. */
  readonly touching: Set<string>
}

/**
 * Sessions that live in a store. The cookie holds an id and a key, sealed; the store holds a record that only both the
 * server's secret and that key open. Every change is a compare-and-swap, and an ended session never comes back.
 */
export function createStoredSessions(options: StoredSessionOptions): SessionKeeper {
  const context: Context = {
    ...options,
    tickets: createRemembered(options.rememberBytes / 4),
    records: createRemembered(options.rememberBytes),
    touching: new Set(),
  }
  return {
    async open(cookies) {
      const ticket = readTicket(context, cookies.get(options.policy.session))
      if (ticket === undefined) return undefined
      const text = await options.store.read(ticket.id)
      if (text === undefined || text === endedRecord) return undefined
      const record = openRecord(context, ticket, text)
      if (record === undefined) return undefined
      if (isExpired(record.card.times, options.limits, options.now())) return options.notice('expired')
      const session = new StoredSession(context, { ticket, text, record })
      await session.touch()
      return session
    },
    recognize(cookies) {
      const ticket = readTicket(context, cookies.get(options.policy.session))
      return ticket && { sid: publicHandle(ticket.id), subject: ticket.subject }
    },
    create: (content, entry) => createStoredSession(context, content, entry),
    clear: (cookies) => {
      const name = options.policy.session
      return cookies.has(name) ? [{ name, value: '', maxAge: 0 }] : []
    },
  }
}

async function createStoredSession(context: Context, content: SessionContent, entry: NewSession): Promise<HeldSession> {
  const secretId = randomBytes(32).toString('base64url')
  const ticket = {
    id: recordId(entry.subject, secretId),
    key: new Uint8Array(randomBytes(32)),
    subject: entry.subject,
  }
  const times = { created: context.now(), seen: context.now(), ends: entry.ends }
  const record = { content, card: { sid: publicHandle(ticket.id), times, browser: entry.browser }, leases: {} }
  const text = writeRecord(context.sealers, ticket.key, record)
  const expires = expiresAt(times, context.limits)
  if (!(await context.store.create(ticket.id, text, { subject: entry.subject, expiresAt: expires }))) {
    throw new LoginError('store_unavailable', 'The session store refused a new session: its identifier is taken.')
  }
  return new StoredSession(context, { ticket, text, record, unsentId: secretId })
}

/** The store learns nothing that would open a session; the tag keeps a person's sessions together in it. */
function recordId(subject: string, secretId: string): string {
  return subjectTag(subject) + hash('sha256', secretId, 'base64url')
}

/** Names the session in logs and lists. Part of the store's identifier: it opens nothing. */
function publicHandle(id: string): string {
  return id.slice(id.indexOf('}') + 1).slice(0, 16)
}

function readTicket(context: Context, cookie: string | undefined): Ticket | undefined {
  if (cookie === undefined) return undefined
  const known = context.tickets.get(cookie)
  if (known !== undefined) return known
  const opened = context.cookieSealer.open(cookie)
  if ('failure' in opened) return context.notice(opened.failure)
  // Sealed by takeCookies below, under a key that nothing else seals with.
  const { id, key, subject } = JSON.parse(opened.text) as { id: string; key: string; subject: string }
  const ticket = { id: recordId(subject, id), key: new Uint8Array(Buffer.from(key, 'base64url')), subject }
  context.tickets.set(cookie, ticket)
  return ticket
}

function openRecord(context: Context, ticket: Ticket, text: string): SessionRecord | undefined {
  const known = context.records.get(text)
  if (known !== undefined && known.ticket.id === ticket.id) return known.record
  const record = readRecord(context.sealers, ticket.key, text)
  if (record === undefined) return context.notice('damaged')
  context.records.set(text, { ticket, record })
  return record
}

class StoredSession implements HeldSession {
  readonly shared = true
  readonly #context: Context
  readonly #ticket: Ticket
  #text: string
  #record: SessionRecord
  /** Only while the cookie has not been sent. */
  #unsentId: string | undefined

  constructor(context: Context, opened: Opened & { text: string; unsentId?: string }) {
    this.#context = context
    this.#ticket = opened.ticket
    this.#text = opened.text
    this.#record = opened.record
    this.#unsentId = opened.unsentId
  }

  get sid(): string {
    return this.#record.card.sid
  }

  get subject(): string {
    return this.#ticket.subject
  }

  get times(): SessionRecord['card']['times'] {
    return this.#record.card.times
  }

  get view(): SessionView {
    return this.#record
  }

  /** Best effort: losing against another writer is as good, and a store that only reads must not end sessions. */
  async touch(): Promise<void> {
    const { limits, now, sealers, touching } = this.#context
    const before = this.#text
    if (!needsTouch(this.times, limits, now()) || touching.has(before)) return
    touching.add(before)
    const card = { ...this.#record.card, times: { ...this.times, seen: now() } }
    const text = replaceFields(sealers, this.#text, { card })
    try {
      await this.#swap(text, { ...this.#record, card })
    } catch {
      this.#context.notice('not_touched')
    } finally {
      touching.delete(before)
    }
  }

  async update(change: (view: SessionView) => Partial<SessionView> | undefined): Promise<UpdateResult> {
    for (let attempt = 0; attempt < maxSwaps; attempt += 1) {
      const parts = change(this.#record)
      if (parts === undefined) return 'unchanged'
      const record = { ...this.#record, ...parts }
      if (await this.#swap(this.#write(parts, record), record)) return 'done'
      if (!(await this.reread())) return 'ended'
    }
    throw refuseSwaps()
  }

  async reread(): Promise<boolean> {
    const text = await this.#context.store.read(this.#ticket.id)
    if (text === this.#text) return true
    const record =
      text === undefined || text === endedRecord ? undefined : openRecord(this.#context, this.#ticket, text)
    if (text === undefined || record === undefined) return false
    this.#text = text
    this.#record = record
    return true
  }

  async end(): Promise<SessionContent | undefined> {
    this.#unsentId = undefined
    const text = await endRecord(this.#context, this.#ticket.id, this.#text)
    const record = text === undefined ? undefined : openRecord(this.#context, this.#ticket, text)
    this.#context.records.delete(this.#text)
    if (text !== undefined) this.#context.records.delete(text)
    return record?.content
  }

  takeCookies(): { name: string; value: string; maxAge: number }[] {
    if (this.#unsentId === undefined) return []
    const { policy, cookieSealer, limits, now } = this.#context
    const key = Buffer.from(this.#ticket.key).toString('base64url')
    const value = cookieSealer.seal(JSON.stringify({ id: this.#unsentId, key, subject: this.#ticket.subject }))
    this.#unsentId = undefined
    return [{ name: policy.session, value, maxAge: Math.ceil((absoluteEnd(this.times, limits) - now()) / 1000) }]
  }

  #write(parts: Partial<SessionView>, record: SessionRecord): string {
    const { sealers } = this.#context
    if (parts.content === undefined) return replaceFields(sealers, this.#text, { leases: record.leases })
    return writeRecord(sealers, this.#ticket.key, record)
  }

  async #swap(text: string, record: SessionRecord): Promise<boolean> {
    const { store, limits } = this.#context
    const expires = expiresAt(record.card.times, limits)
    if (!(await store.replace(this.#ticket.id, this.#text, text, { expiresAt: expires }))) return false
    this.#context.records.delete(this.#text)
    this.#context.records.set(text, { ticket: this.#ticket, record })
    this.#text = text
    this.#record = record
    return true
  }
}
