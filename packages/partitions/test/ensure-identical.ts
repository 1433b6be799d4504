import { catalogue } from '@athena-pg/migrator'
import { describe, expect, test } from 'vitest'
import type { Migrated } from '../../schema/test/migrated.ts'

// As much as a table can have that a partition takes over.
const parent = `
  CREATE FUNCTION athena.shout(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT upper($1)';
  CREATE TABLE athena.readings (
    at timestamptz NOT NULL DEFAULT now(),
    id bigint GENERATED ALWAYS AS IDENTITY,
    gone text,
    project_id bigint NOT NULL,
    parent_id bigint,
    note text COLLATE "C" DEFAULT 'none' CONSTRAINT readings_note_size CHECK (octet_length(note) < 100),
    loud text GENERATED ALWAYS AS (athena.shout(note)) STORED,
    bytes bytea STORAGE EXTERNAL COMPRESSION pglz,
    CONSTRAINT readings_pkey PRIMARY KEY (project_id, at, id),
    CONSTRAINT readings_note_key UNIQUE (note, at),
    CONSTRAINT readings_plan_fkey FOREIGN KEY (project_id, parent_id) REFERENCES athena.plans (project_id, id) ON DELETE CASCADE
  ) PARTITION BY RANGE (at);
  ALTER TABLE athena.readings DROP COLUMN gone;
  ALTER TABLE athena.readings ALTER COLUMN note SET STATISTICS 500;
  CREATE INDEX readings_loud ON athena.readings USING gin (to_tsvector('english', loud)) WHERE note <> 'none';
  COMMENT ON TABLE athena.readings IS 'Readings.'`

export function ensureIdentical(db: Migrated): void {
  describe('a partition that ensure_partitions made', () => {
    /** What the catalogue holds of a partition, without what differs for any two of them. */
    async function facts(name: string) {
      const { rows } = await db.client().query(
        `SELECT c.relname AS table, c.relkind, c.relpersistence, c.relispartition, c.relreplident, c.reloptions, c.relam, c.reltablespace,
              pg_get_userbyid(c.relowner) AS owner, c.relacl::text, c.relrowsecurity,
              (SELECT jsonb_agg(jsonb_build_array(attname, format_type(atttypid, atttypmod), attnotnull, attstorage, attcompression,
                         attidentity, attgenerated, attcollation::regcollation, attislocal, attinhcount, pg_get_expr(d.adbin, d.adrelid)) ORDER BY attname)
                 FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = attrelid AND d.adnum = attnum
                WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) AS columns,
              (SELECT jsonb_agg(jsonb_build_array(conname, contype, convalidated, conislocal, coninhcount, conparentid <> 0, pg_get_constraintdef(k.oid))
                         ORDER BY conname) FROM pg_constraint k WHERE conrelid = c.oid) AS constraints,
              (SELECT jsonb_agg(jsonb_build_array(pg_get_indexdef(indexrelid), indisvalid, indisprimary, inhparent::regclass) ORDER BY inhparent::regclass::text)
                 FROM pg_index LEFT JOIN pg_inherits ON inhrelid = indexrelid WHERE indrelid = c.oid) AS indexes,
              (SELECT count(*)::int FROM pg_trigger WHERE tgrelid = c.oid) AS triggers
         FROM pg_class c WHERE c.oid = $1::regclass`,
        [name],
      )
      expect(rows).toHaveLength(1)
      return JSON.parse(
        JSON.stringify(rows[0])
          .replaceAll(/_\d{4}_\d{2}\b/g, '_YYYY_MM')
          .replaceAll(/_\d{4}_\d{2}_/g, '_YYYY_MM_'),
      )
    }

    async function both(table: string) {
      await db
        .client()
        .query(
          `CREATE TABLE athena.${table}_2040_01 PARTITION OF athena.${table} FOR VALUES FROM ('2040-01-01Z') TO ('2040-02-01Z')`,
        )
      await db.client().query(`SELECT athena.ensure_partitions('athena.${table}', 1, '2040-01-15Z')`)
      return { usual: await facts(`athena.${table}_2040_01`), ours: await facts(`athena.${table}_2040_02`) }
    }

    test('is what PARTITION OF makes: episodic_events with all its indexes', async () => {
      const { usual, ours } = await both('episodic_events')
      expect(ours.indexes).toHaveLength(6)
      expect(ours).toEqual(usual)
    })

    test('is what PARTITION OF makes: a table with everything', async () => {
      await db.client().query(parent)
      const { usual, ours } = await both('readings')
      expect(ours).toEqual(usual)
    })

    test('is what PARTITION OF makes: in another’s table, made by a superuser', async () => {
      await db.client().query('CREATE ROLE keeper; GRANT CREATE, USAGE ON SCHEMA athena TO keeper')
      await db.client().query('CREATE TABLE athena.readings (at timestamptz NOT NULL) PARTITION BY RANGE (at)')
      await db.client().query('ALTER TABLE athena.readings OWNER TO keeper')
      await db.client().query(`SELECT athena.ensure_partitions('athena.readings', 0, '2040-02-15Z')`)
      expect(await facts('athena.readings_2040_02')).toMatchObject({ owner: 'keeper' })
    })

    test('leaves the catalogue snapshot as it was: one more month of the same kind', async () => {
      // catalogue() has a transaction of its own.
      await db.client().query('COMMIT')
      const before = await catalogue(db.client())
      const { rows } = await db
        .client()
        .query(`SELECT athena.ensure_partitions('athena.episodic_events', 1, '2041-01-15Z') AS made`)
      expect(rows).toHaveLength(2)
      const after = await catalogue(db.client())
      await db.client().query('DROP TABLE athena.episodic_events_2041_01, athena.episodic_events_2041_02')
      await db.client().query('BEGIN')
      expect(before).toContain('CREATE TABLE athena."episodic_events_YYYY_MM" PARTITION OF')
      expect(after).toBe(before)
    })
  })
}
