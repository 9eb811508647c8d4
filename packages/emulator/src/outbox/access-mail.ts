import type { Call } from '../transfer/call.ts'
import type { Collection } from '../world/collections.ts'
import type { AccessRule } from '../world/access-rules.ts'
import { post } from './post.ts'

/** What a request for an access rule says about a mail. */
interface Notice {
  readonly notify_email?: string | null | undefined
  readonly notify_message?: string | null | undefined
}

/** Mails that something was shared, if the one who shares wants that. */
export function mailAboutAccess(
  rule: AccessRule,
  collection: Collection,
  { notice, call }: { notice: Notice; call: Call },
): void {
  const { context, caller } = call
  const address = notice.notify_email ?? null
  if (address === null || address === '') return
  const sharer = context.world.identities.find(caller.id)
  const name = sharer?.name ?? sharer?.username ?? 'Somebody'
  const rights = rule.permissions === 'rw' ? 'read and write' : 'read'
  const sentence = `${name} lets you ${rights} ${rule.path} of ${collection.displayName} (${collection.id}).`
  post(context, {
    to: rule.principalType === 'identity' ? rule.principal : null,
    address,
    subject: `${name} shared a folder with you`,
    text: [sentence, notice.notify_message ?? ''].filter((line) => line !== '').join('\n\n'),
    cause: 'access rule',
  })
}
