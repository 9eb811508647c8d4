import { LoginError } from '../../errors.ts'

/** Runs one statement and gives its rows. */
export type RunSql = (text: string, values?: unknown[]) => Promise<Readonly<Record<string, unknown>>[]>

/** PostgreSQL's code for a table that does not exist. */
export const undefinedTable = '42P01'

/** Each entry brings the schema from its index to the next version. Only ever append. */
const migrations = (prefix: string): readonly string[] => [
  `CREATE TABLE ${prefix}value (
     id text COLLATE "C" PRIMARY KEY,
     value text NOT NULL,
     subject text COLLATE "C" NOT NULL,
     expires_at bigint NOT NULL,
     hidden_until bigint NOT NULL DEFAULT 0
   );
   CREATE INDEX ${prefix}value_by_expiry ON ${prefix}value (expires_at);
   CREATE INDEX ${prefix}value_by_subject ON ${prefix}value (subject, id);
   CREATE TABLE ${prefix}job (id text COLLATE "C" PRIMARY KEY, value text NOT NULL, due bigint NOT NULL);
   CREATE INDEX ${prefix}job_by_due ON ${prefix}job (due);`,
]

/**
 * Brings the tables up to date, once, however many processes start together: whoever gets the lock migrates, the others then
 * find the work done. Where nothing is to do, no right to make tables is needed.
 *
 * @throws LoginError `store_unavailable` when a newer release wrote the tables
 */
export async function migrate(run: RunSql, prefix: string): Promise<void> {
  const steps = migrations(prefix)
  let version = await readVersion(run, prefix)
  if (version < steps.length) {
    await run(migration(prefix, steps))
    version = await readVersion(run, prefix)
  }
  if (version === steps.length) return
  throw new LoginError(
    'store_unavailable',
    `The Postgres tables ${prefix}* have schema version ${version}, newer than ${steps.length}; use the newer release that wrote them.`,
  )
}

async function readVersion(run: RunSql, prefix: string): Promise<number> {
  try {
    const [row] = await run(`SELECT version FROM ${prefix}schema`)
    return Number(row?.['version'] ?? 0)
  } catch (error) {
    if (isUndefinedTable(error)) return 0
    throw error
  }
}

export function isUndefinedTable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === undefinedTable
}

/** One statement, hence one transaction, whatever connection of a pool it meets. */
function migration(prefix: string, steps: readonly string[]): string {
  const apply = steps.map((step, index) => `IF version_found <= ${index} THEN ${step} END IF;`)
  return `DO $pierhead$
    DECLARE version_found integer;
    BEGIN
      PERFORM pg_advisory_xact_lock(hashtext('pierhead session store'), hashtext('${prefix}'));
      CREATE TABLE IF NOT EXISTS ${prefix}schema (version integer NOT NULL);
      SELECT max(version) INTO version_found FROM ${prefix}schema;
      IF version_found IS NULL THEN
        INSERT INTO ${prefix}schema VALUES (0);
        version_found := 0;
      END IF;
      ${apply.join('\n')}
      UPDATE ${prefix}schema SET version = ${steps.length} WHERE version < ${steps.length};
    END $pierhead$`
}
