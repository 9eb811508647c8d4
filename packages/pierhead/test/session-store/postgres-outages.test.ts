import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { capability } from '../../../../tools/lib/capability.ts'
import { startPostgres, type PostgresServer } from '../../../../tools/lib/postgres-server.ts'
import {
  createOutageRig,
  describeStoreOutages,
  expectHello,
  expectNoStoreForStrangers,
  expectOutage,
  expectRecovery,
  soon,
  type Database,
} from '../contract/store-outages.ts'
import { logIn } from '../support/rig.ts'

describe.skipIf(!capability('postgres').available)('outages of Postgres', () => {
  let server: PostgresServer
  let prefixes = 0
  const ends: (() => Promise<void>)[] = []
  beforeAll(async () => {
    server = await startPostgres()
  }, 120_000)
  afterEach(async () => {
    for (const end of ends.splice(0)) await end()
  })
  afterAll(() => server.stop())

  const database: Database = {
    kind: 'pg',
    port: () => server.port,
    address: (port) => `postgres://postgres@127.0.0.1:${port}/postgres#outage${prefixes++}_`,
  }
  const rigged = () => createOutageRig(database, (end) => void ends.unshift(end))
  const prefix = (): string => `outage${prefixes - 1}_`

  async function direct(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: server.url })
    client.on('error', () => undefined)
    await client.connect()
    ends.unshift(() => client.end())
    return client
  }

  describeStoreOutages(database)

  test('REL-40 REL-42 a Postgres that lost everything means a clean login, no error', async () => {
    const rig = await rigged()
    const client = await direct()
    for (const loss of [
      `TRUNCATE ${prefix()}value`,
      `DROP TABLE ${prefix()}value, ${prefix()}job, ${prefix()}schema`,
    ]) {
      await client.query(loss)
      await expectHello(rig, 'stranger')
      expect((await rig.browser.visit('/private')).status).toBe(303)
      await soon(async () => expect((await logIn(rig)).status).toBe(303))
      await expectHello(rig, 'Ada Tester')
    }
  }, 90_000)

  test('REL-42 REL-44 a Postgres that only reads refuses logins without a loop and keeps the sessions that it has', async () => {
    const rig = await rigged()
    const client = await direct()
    const setReadOnly = async (value: 'on' | 'off'): Promise<void> => {
      await client.query(`ALTER ROLE postgres SET default_transaction_read_only = ${value}`)
      rig.proxy.cut()
    }
    await setReadOnly('on')
    await expect(expectHello(rig, 'Ada Tester')).resolves.toBeUndefined()
    await expectNoStoreForStrangers(rig)
    await client.query('SET default_transaction_read_only = off')
    await setReadOnly('off')
    await expectRecovery(rig)
  }, 90_000)

  test('REL-42 killed backends cost nobody a page', async () => {
    const rig = await rigged()
    const client = await direct()
    await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()')
    await expect(expectHello(rig, 'Ada Tester')).resolves.toBeUndefined()
    await expectRecovery(rig)
  }, 90_000)

  test('REL-42 tables that somebody holds locked: 503 within a second', async () => {
    const rig = await rigged()
    const client = await direct()
    await client.query(`BEGIN; LOCK TABLE ${prefix()}value`)
    await expect(expectOutage(rig)).resolves.toBeUndefined()
    await client.query('ROLLBACK')
    await expectRecovery(rig)
  }, 90_000)

  test('REL-42 a server that restarts loses no session', async () => {
    const rig = await rigged()
    await server.stop({ keepData: true })
    await expect(expectOutage(rig)).resolves.toBeUndefined()
    server = await startPostgres({ again: server })
    await expectRecovery(rig)
  }, 180_000)
})
