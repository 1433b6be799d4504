import { packagesOf } from '../../../test/migrating.ts'
import { migration } from '../../../test/packages.ts'
import type { MigrationPackage } from '../src/index.ts'

const tables = `CREATE SCHEMA shop;
CREATE TYPE shop.mood AS ENUM ('sad', 'glad');
CREATE TABLE shop.customers (id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT customers_pkey PRIMARY KEY, name text NOT NULL);
CREATE TABLE shop.orders (id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT orders_pkey PRIMARY KEY, customer_id bigint, note text NOT NULL DEFAULT 'x',
  mood shop.mood, n integer CONSTRAINT n_positive CHECK (n > 0), amount numeric(10, 2) DEFAULT 0, twice integer GENERATED ALWAYS AS (n * 2) STORED,
  CONSTRAINT orders_customer_fkey FOREIGN KEY (customer_id) REFERENCES shop.customers (id), CONSTRAINT orders_note_key UNIQUE (note, n)) WITH (fillfactor = 90);
COMMENT ON TABLE shop.orders IS 'Orders; of customers.'; COMMENT ON COLUMN shop.orders.n IS 'How many.';
CREATE INDEX idx_orders_mood ON shop.orders (mood) WHERE n > 1; COMMENT ON INDEX shop.idx_orders_mood IS 'Moods.';
CREATE TABLE shop.events (at timestamptz NOT NULL, what text) PARTITION BY RANGE (at);
CREATE INDEX idx_events_what ON shop.events (what);
CREATE TABLE shop.events_2026_01 PARTITION OF shop.events FOR VALUES FROM ('2026-01-01Z') TO ('2026-02-01Z');
CREATE TABLE shop.events_2026_02 PARTITION OF shop.events FOR VALUES FROM ('2026-02-01Z') TO ('2026-03-01Z');
CREATE TABLE shop.lines (k integer NOT NULL, v text) PARTITION BY LIST (k);
CREATE TABLE shop.lines_1 PARTITION OF shop.lines FOR VALUES IN (1); CREATE TABLE shop.lines_2 PARTITION OF shop.lines FOR VALUES IN (2);
CREATE TABLE shop.parts (k integer NOT NULL) PARTITION BY HASH (k);
CREATE TABLE shop.parts_0 PARTITION OF shop.parts FOR VALUES WITH (modulus 1, remainder 0) WITH (fillfactor = 70);
CREATE VIEW shop.glad AS SELECT id FROM shop.orders WHERE mood = 'glad';
CREATE FUNCTION shop.touch () RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER orders_touch BEFORE INSERT ON shop.orders FOR EACH ROW EXECUTE FUNCTION shop.touch ();
ALTER TABLE shop.customers ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON shop.customers FOR SELECT USING (id > 2);
CREATE SEQUENCE shop.counter; CREATE TABLE public.shop_settings (k text PRIMARY KEY);`

const twice = `CREATE OR REPLACE FUNCTION shop.double (a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 2 * a';
COMMENT ON FUNCTION shop.double (integer) IS 'Twice as much.';`

/** A package with as many kinds of objects as there are. */
export const shop = (functions: Record<string, string> = { double: twice }): MigrationPackage[] =>
  packagesOf({
    shop: {
      migrations: {
        '20260101000000_create_shop': migration(tables, 'DROP SCHEMA shop CASCADE; DROP TABLE public.shop_settings;'),
        '20260102000000_add_later': migration('CREATE TABLE shop.later ();', 'DROP TABLE shop.later;'),
      },
      functions,
    },
  })
