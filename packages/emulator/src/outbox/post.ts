import type { EmulatorContext } from '../context.ts'
import { randomUuid } from '../random.ts'

/** What Globus would mail. */
export interface Letter {
  /** The identity it is for, if there is one. */
  readonly to: string | null
  /** Where to, when it is not the address of that identity. */
  readonly address?: string | null | undefined
  readonly subject: string
  readonly text: string
  readonly cause: string
}

/** Puts a mail into the outbox. Nothing is ever sent. */
export function post(
  { world, clock, random }: Pick<EmulatorContext, 'world' | 'clock' | 'random'>,
  letter: Letter,
): void {
  const person = letter.to === null ? undefined : world.identities.find(letter.to)
  world.outbox.add({
    id: randomUuid(random),
    sentAt: clock.now(),
    identity: letter.to,
    recipient: letter.address ?? person?.email ?? person?.username ?? letter.to ?? 'nobody',
    subject: letter.subject,
    text: letter.text,
    cause: letter.cause,
  })
}
