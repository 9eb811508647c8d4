import type { DatabaseSync } from 'node:sqlite'
import { integer, optionalText, text, type Row } from './row.ts'

/** A mail that Globus would have sent. Nothing is ever sent. */
export interface Mail {
  readonly id: string
  readonly sentAt: number
  /** To whom, if it is somebody of this world. */
  readonly identity: string | null
  /** The address, or the username of somebody without one. */
  readonly recipient: string
  readonly subject: string
  readonly text: string
  /** What caused it, such as `group invitation`. */
  readonly cause: string
}

export interface Outbox {
  add(mail: Mail): void
  /** The newest first. */
  list(): readonly Mail[]
}

/** Older mails are forgotten. */
const KEPT = 1000

export function outboxIn(database: DatabaseSync): Outbox {
  const add = database.prepare('INSERT OR REPLACE INTO outbox VALUES (?, ?, ?, ?, ?, ?, ?)')
  const trim = database.prepare(
    'DELETE FROM outbox WHERE rowid NOT IN (SELECT rowid FROM outbox ORDER BY rowid DESC LIMIT ?)',
  )
  const list = database.prepare('SELECT * FROM outbox ORDER BY sent_at DESC, rowid DESC')
  return {
    add: (m) => {
      add.run(m.id, m.sentAt, m.identity, m.recipient, m.subject, m.text, m.cause)
      trim.run(KEPT)
    },
    list: () => list.all().map(toMail),
  }
}

const toMail = (row: Row): Mail => ({
  id: text(row, 'id'),
  sentAt: integer(row, 'sent_at'),
  identity: optionalText(row, 'identity'),
  recipient: text(row, 'recipient'),
  subject: text(row, 'subject'),
  text: text(row, 'text'),
  cause: text(row, 'cause'),
})
