import { describe, expect, test } from 'vitest'
import type { Migrated } from './migrated.ts'
import { tables } from './rows.ts'

// Each query gives what breaks the rule.
const faults: Record<string, string> = {
  'a table or column without a comment': `
    SELECT c.relname || coalesce('.' || a.attname, '') AS fault
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND (a.attnum > 0 AND NOT a.attisdropped)
     WHERE c.relnamespace = 'athena'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND (coalesce(col_description(c.oid, a.attnum), '') !~ '\\w' OR coalesce(obj_description(c.oid, 'pg_class'), '') !~ '\\w')`,
  'a foreign key whose columns no index begins with': `
    SELECT k.conname AS fault FROM pg_constraint k
     WHERE k.connamespace = 'athena'::regnamespace AND k.contype = 'f' AND k.conparentid = 0 AND NOT EXISTS (
           SELECT FROM pg_index i
            WHERE i.indrelid = k.conrelid AND i.indisvalid
              AND (string_to_array(i.indkey::text, ' ')::int2[])[1:cardinality(k.conkey)] @> k.conkey
              -- A partial index serves where it leaves out nothing but rows without the reference.
              AND (i.indpred IS NULL OR pg_get_expr(i.indpred, i.indrelid) = (
                    SELECT format('(%I IS NOT NULL)', attname) FROM pg_attribute WHERE attrelid = k.conrelid AND attnum = k.conkey[2])))`,
  'a reference that no foreign key holds': `
    SELECT format('%s.%s', attrelid::regclass, attname) AS fault FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
     WHERE c.relnamespace = 'athena'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND attname ~ '_id$|_by$'
       -- Sessions have no table; a month of events that is referenced could not be detached.
       AND attname <> 'session_id' AND (c.relname, attname) <> ('memory_events', 'event_id')
       AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND contype = 'f' AND attnum = ANY (conkey))`,
  'a foreign key that sets columns to null or default': `
    SELECT conname AS fault FROM pg_constraint
     WHERE connamespace = 'athena'::regnamespace AND contype = 'f' AND (confdeltype NOT IN ('a', 'c') OR confupdtype <> 'a')`,
  'a foreign key to rows of projects that does not carry the project on both sides': `
    SELECT conname AS fault FROM pg_constraint k
     WHERE connamespace = 'athena'::regnamespace AND contype = 'f' AND confrelid <> 'athena.projects'::regclass
       AND ('project_id', 'project_id') IS DISTINCT FROM (
           (SELECT attname FROM pg_attribute WHERE attrelid = k.conrelid AND attnum = k.conkey[1]),
           (SELECT attname FROM pg_attribute WHERE attrelid = k.confrelid AND attnum = k.confkey[1]))`,
  'a key of a project’s table that does not begin with project_id': `
    SELECT i.indexrelid::regclass::text AS fault FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
     WHERE c.relnamespace = 'athena'::regnamespace AND i.indisunique AND c.relname NOT IN ('projects', 'search_settings')
       AND (SELECT attname FROM pg_attribute WHERE attrelid = c.oid AND attnum = i.indkey[0]) <> 'project_id'`,
  'a table without primary key': `
    SELECT relname AS fault FROM pg_class c WHERE relnamespace = 'athena'::regnamespace AND relkind IN ('r', 'p')
       AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = c.oid AND indisprimary)`,
  'a serial, a 32-bit id or an id that is not the database’s own': `
    SELECT format('%s.%s', attrelid::regclass, attname) AS fault FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
     WHERE c.relnamespace = 'athena'::regnamespace AND c.relkind IN ('r', 'p') AND attnum > 0
       AND ((attname ~ '(^|_)id$' AND attname <> 'session_id' AND atttypid <> 'bigint'::regtype) OR (attname = 'id' AND attidentity <> 'a')
            OR EXISTS (SELECT FROM pg_attrdef d WHERE d.adrelid = c.oid AND d.adnum = a.attnum AND pg_get_expr(d.adbin, c.oid) ~ 'nextval'))`,
  'a time without zone, a char(n) or varchar(n), a json or a real': `
    SELECT format('%s.%s', attrelid::regclass, attname) AS fault FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
     WHERE c.relnamespace = 'athena'::regnamespace AND c.relkind IN ('r', 'p') AND attnum > 0
       AND format_type(atttypid, NULL) IN ('timestamp without time zone', 'time without time zone', 'time with time zone',
           'character', 'character varying', 'json', 'real', 'numeric', 'money')`,
  'a vocabulary (kind, type, status, …) that no check of its own names': `
    SELECT format('%s.%s', attrelid::regclass, attname) AS fault FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
     WHERE c.relnamespace = 'athena'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND attnum > 0
       AND atttypid = 'text'::regtype AND attname ~ '(^|_)(kind|type|status|state|domain|strategy|risk|fusion)$'
       AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND contype = 'c' AND conkey = ARRAY[attnum]
                          AND conname = format('%s_%s_%s', relname, attname, substring(conname from '(known|format)$')))`,
  'a constraint whose name PostgreSQL chose': `
    SELECT conname AS fault FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
     WHERE connamespace = 'athena'::regnamespace AND NOT c.relispartition AND conparentid = 0 AND contype <> 'n'
       AND (conname !~ ('^' || relname || '_') OR conname ~ '_(check|id_fkey|fkey)\\d*$' AND conname !~ '_[a-z]+_fkey$')`,
  'a trigger, a rule or a view': `
    SELECT tgname::text AS fault FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid WHERE relnamespace = 'athena'::regnamespace AND NOT tgisinternal
     UNION ALL
    SELECT relname FROM pg_class WHERE relnamespace = 'athena'::regnamespace AND (relhasrules OR relkind IN ('v', 'm'))`,
  'a column that a partition does not keep inline as its parent does': `
    SELECT format('%s.%s', attrelid::regclass, attname) AS fault FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
     WHERE c.relnamespace = 'athena'::regnamespace AND c.relkind IN ('r', 'p') AND attname = 'embedding' AND attstorage <> 'p'`,
}

export function catalogueRules(db: Migrated): void {
  describe('the catalogue', () => {
    test.each(Object.entries(faults))('holds nowhere %s', async (_, sql) => {
      expect((await db.client().query(sql)).rows).toEqual([])
    })

    test('holds the tables that the specs know, and no other', async () => {
      const { rows } = await db.client().query(
        `SELECT relname FROM pg_class WHERE relnamespace = 'athena'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
        ORDER BY relname COLLATE "C"`,
      )
      expect(rows.map(({ relname }) => relname)).toEqual(tables.toSorted())
    })

    // The rules above are silent: each fault, made on purpose, is heard.
    test.each([
      ['a table or column without a comment', 'ALTER TABLE athena.plans ADD COLUMN x text'],
      ['a table or column without a comment', "COMMENT ON TABLE athena.memories IS ''"],
      ['a foreign key whose columns no index begins with', 'DROP INDEX athena.idx_tasks_plan'],
      ['a foreign key whose columns no index begins with', 'DROP INDEX athena.idx_memories_consolidation'],
      ['a reference that no foreign key holds', 'ALTER TABLE athena.memory_links DROP CONSTRAINT memory_links_to_fkey'],
      ['a key of a project’s table that does not begin with project_id', 'CREATE UNIQUE INDEX ON athena.tasks (id)'],
      [
        'a serial, a 32-bit id or an id that is not the database’s own',
        'ALTER TABLE athena.plans ADD COLUMN x bigserial',
      ],
      ['a time without zone, a char(n) or varchar(n), a json or a real', 'ALTER TABLE athena.plans ADD x timestamp'],
      ['a vocabulary (kind, type, status, …) that no check of its own names', 'ALTER TABLE athena.plans ADD kind text'],
      [
        'a vocabulary (kind, type, status, …) that no check of its own names',
        'ALTER TABLE athena.tasks DROP CONSTRAINT tasks_status_known',
      ],
      ['a constraint whose name PostgreSQL chose', 'ALTER TABLE athena.plans ADD CHECK (priority <> 7)'],
      [
        'a foreign key that sets columns to null or default',
        'ALTER TABLE athena.plans ADD CONSTRAINT plans_other_fkey FOREIGN KEY (project_id, parent_id) REFERENCES athena.plans ON DELETE SET NULL (parent_id)',
      ],
      [
        'a column that a partition does not keep inline as its parent does',
        'ALTER TABLE athena.memories_p03 ALTER COLUMN embedding SET STORAGE EXTENDED',
      ],
    ])('would show %s: %s', async (rule, change) => {
      await db.client().query(change)
      expect((await db.client().query(faults[rule] as string)).rows).not.toEqual([])
    })
  })
}
