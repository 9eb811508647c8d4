import { isAbsolute } from 'node:path'
import type { World } from '../world.ts'
import type { Identity } from '../world/identities.ts'

/**
 * Why a click on the name of that person does not log in, in words; undefined when it does. Everybody on this machine, and every page of its
 * browsers, can reach the login page. So a password that somebody chose is asked for, and so is that of whoever may write to a
 * directory outside the emulator's own data. It holds for every identity of the account.
 */
export function needsPassword(
  { primaryIdentity }: Pick<Identity, 'primaryIdentity'>,
  world: World,
): string | undefined {
  const account = world.identities.account(primaryIdentity).map(({ id }) => id)
  if (account.some((id) => world.demandedPasswords.has(id))) return 'a password was chosen'
  const writable = world.collections
    .all()
    .find(
      ({ owner, folder, readOnly }) => account.includes(owner) && folder !== null && isAbsolute(folder) && !readOnly,
    )
  return writable === undefined ? undefined : `${writable.folder} can be changed`
}
