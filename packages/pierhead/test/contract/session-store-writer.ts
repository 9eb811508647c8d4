import { connectStore, type StoreKind } from '../support/stores.ts'

/**
 * One of several processes that share a store: argv holds the kind of store, where it is, this process's name and how often
 * it raises the shared counter. Prints as JSON what it won.
 */
const [kind = '', address = '', name = '', rounds = '0'] = process.argv.slice(2)
// The kinds are the names that describeSharedStore passes on.
const { store, end } = await connectStore(kind as StoreKind, address)
const expiresAt = Date.now() + 3_600_000
const entry = { subject: 'everyone', expiresAt }

await store.create('counter', '0', entry)
const won = { created: 0, deleted: new Array<string>(), claimed: new Array<string>(), swept: new Array<string>() }
for (let raised = 0; raised < Number(rounds);) {
  const value = (await store.read('counter')) ?? ''
  if (!(await store.replace('counter', value, String(Number(value) + 1), entry))) continue
  raised++
  if (await store.create(`${name}-${raised}`, 'v', entry)) won.created++
  if (await store.create(`shared-${raised}`, name, entry)) won.created++
  if (await store.delete(`victim-${raised}`)) won.deleted.push(`victim-${raised}`)
  for (const { id } of await store.claim(2, 3_600_000)) won.claimed.push(id)
  for (const { id } of await store.sweep(2)) won.swept.push(id)
}
await end()
process.stdout.write(JSON.stringify(won))
