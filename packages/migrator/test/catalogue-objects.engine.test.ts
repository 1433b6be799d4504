import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { query, withClient } from '../../../test/migrating.ts'
import { catalogueRows } from '../src/catalogue/catalogue.ts'
import { objectsOf } from '../src/catalogue/catalogue-objects.ts'

const odd = `CREATE SCHEMA shop; CREATE TABLE shop."odd; (table" (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "a, b" text DEFAULT E'x, y;\\n z' NOT NULL, list int[] DEFAULT ARRAY[1, 2],
  n numeric(10, 2) CONSTRAINT "n; positive" CHECK (n > 0 AND "a, b" <> ');'), twice text GENERATED ALWAYS AS ("a, b" || '(') STORED
) WITH (fillfactor = 70);
COMMENT ON TABLE shop."odd; (table" IS 'It''s odd;
CREATE INDEX no_index ON nothing;';
COMMENT ON COLUMN shop."odd; (table"."a, b" IS 'Two IS ''three'';';
CREATE INDEX "odd; index" ON shop."odd; (table" (n) WHERE "a, b" <> ';'; COMMENT ON INDEX shop."odd; index" IS 'x';
ALTER TABLE shop."odd; (table" ENABLE ROW LEVEL SECURITY; CREATE POLICY "p; q" ON shop."odd; (table" USING (n > 1);
CREATE FUNCTION shop.t () RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER "t; r" BEFORE INSERT ON shop."odd; (table" FOR EACH ROW EXECUTE FUNCTION shop.t ();
ALTER TABLE shop."odd; (table" DISABLE TRIGGER "t; r";
COMMENT ON FUNCTION shop.t () IS 'A trigger;';`

onEachEngine('the catalogue, object by object', (engine) => {
  const db = freshDatabase(engine)

  test('takes a table apart, whatever stands in its names, defaults and comments', async () => {
    await query(db().database, odd)
    const objects = objectsOf(await withClient(db().database, (client) => catalogueRows(client, ['shop'])))
    expect([...objects.keys()]).toEqual([
      'schema shop',
      'table shop."odd; (table"',
      'options shop."odd; (table"',
      'column shop."odd; (table".id',
      'column shop."odd; (table"."a, b"',
      'column shop."odd; (table".list',
      'column shop."odd; (table".n',
      'column shop."odd; (table".twice',
      'constraint shop."odd; (table"."odd; (table_pkey"',
      'constraint shop."odd; (table"."n; positive"',
      'row security ENABLE shop."odd; (table"',
      'comment on table shop."odd; (table"',
      'comment on column shop."odd; (table"."a, b"',
      'index shop."odd; index"',
      'comment on index shop."odd; index"',
      'trigger shop."odd; (table"."t; r"',
      'trigger state shop."odd; (table"."t; r"',
      'policy shop."odd; (table"."p; q"',
      'function shop.t()',
      'comment on function shop.t()',
    ])
    expect(objects.get('comment on index shop."odd; index"')?.of).toBe('index shop."odd; index"')
    expect(objects.get('column shop."odd; (table".list')?.definition).toBe('list integer[] DEFAULT ARRAY[1, 2]')
  })

  test('names are whole, however long: those that begin alike are not taken for one', async () => {
    const schema = `"Odd ""S"" ${'s'.repeat(40)}"`
    const table = (last: string): string => `${schema}.${'t'.repeat(62)}${last}`
    const parameters = (type: string): string => `a_rather_long_parameter_of_this_function integer, another ${type}`
    await query(
      db().database,
      `CREATE SCHEMA ${schema}; CREATE TABLE ${table('a')} (n integer); CREATE TABLE ${table('b')} ();
       CREATE INDEX "Odd index" ON ${table('a')} (n);
       CREATE FUNCTION ${schema}.f (${parameters('text')}) RETURNS integer LANGUAGE sql AS 'SELECT 1';
       CREATE FUNCTION ${schema}.f (${parameters('integer')}) RETURNS integer LANGUAGE sql AS 'SELECT 2';`,
    )
    const name = schema.slice(1, -1).replaceAll('""', '"')
    const objects = objectsOf(await withClient(db().database, (client) => catalogueRows(client, [name])))
    expect([...objects.keys()]).toEqual([
      `schema ${schema}`,
      `table ${table('a')}`,
      `column ${table('a')}.n`,
      `index ${schema}."Odd index"`,
      `table ${table('b')}`,
      `function ${schema}.f(${parameters('integer')})`,
      `function ${schema}.f(${parameters('text')})`,
    ])
  })
})
