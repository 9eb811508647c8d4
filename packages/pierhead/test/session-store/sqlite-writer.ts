import { sqliteStore } from '../../src/session-store/sqlite.ts'

/**
 * One of several processes that use the same file: argv holds the path, this process's name and how often it raises the
 * shared counter. Prints as JSON what it won.
 */
const [path = '', name = '', rounds = '0'] = process.argv.slice(2)
const store = sqliteStore(path)
const expiresAt = Date.now() + 3_600_000
const entry = { subject: 'everyone', expiresAt }

await store.create('counter', '0', entry)
const won: { created: number; deleted: string[]; claimed: string[] } = { created: 0, deleted: [], claimed: [] }
for (let raised = 0; raised < Number(rounds);) {
  const value = (await store.read('counter')) ?? ''
  if (!(await store.replace('counter', value, String(Number(value) + 1), entry))) continue
  raised++
  if (await store.create(`${name}-${raised}`, 'v', entry)) won.created++
  if (await store.create(`shared-${raised}`, name, entry)) won.created++
  if (await store.delete(`victim-${raised}`)) won.deleted.push(`victim-${raised}`)
  for (const { id } of await store.claim(2, 3_600_000)) won.claimed.push(id)
}
await store.close()
process.stdout.write(JSON.stringify(won))
