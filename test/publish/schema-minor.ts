import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commit } from './copy.ts'
import { plainEnvironment, run } from './run.ts'

/** Changes the schema as a developer would: one more migration, one more function, a changeset. @returns the migration's name */
export async function changeSchema(copy: string): Promise<string> {
  const athena = ['--conditions=athena-src', 'apps/runner/src/main.ts']
  const args = [...athena, 'migrate', 'new', 'schema', 'add-memory-origin']
  const file = (await run(process.execPath, args, copy, plainEnvironment())).trim()
  if (!file.startsWith(realpathSync(copy))) throw new Error(`the migration was written outside of the copy: ${file}`)
  writeFileSync(
    file,
    `-- Why: where a memory came from.
-- Lock: ACCESS EXCLUSIVE on memories, without a rewrite: the default is null. 10 ms.
-- Up Migration
ALTER TABLE athena.memories
ADD COLUMN origin text;

COMMENT ON COLUMN athena.memories.origin IS 'Where it came from.';

-- Down Migration
ALTER TABLE athena.memories
DROP COLUMN origin;
`,
  )
  const schema = join(copy, 'packages/schema')
  mkdirSync(join(schema, 'functions'), { recursive: true })
  writeFileSync(
    join(schema, 'functions/count_by_origin.sql'),
    `CREATE OR REPLACE FUNCTION athena.count_by_origin (project_id bigint, origin text) RETURNS bigint LANGUAGE plpgsql STABLE
SET
  search_path = pg_catalog,
  pg_temp AS $function$
BEGIN
  RETURN (
    SELECT count(*)
      FROM athena.memories AS m
     WHERE m.project_id = count_by_origin.project_id AND m.origin IS NOT DISTINCT FROM count_by_origin.origin
  );
END
$function$;
`,
  )
  const manifestFile = join(schema, 'package.json')
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'))
  manifest.athena.functions ??= './functions'
  manifest.files = [...new Set([...manifest.files, 'functions'])]
  writeFileSync(manifestFile, `${JSON.stringify(manifest, null, 2)}\n`)
  writeFileSync(
    join(copy, '.changeset/memory-origin.md'),
    "---\n'@athena-pg/schema': minor\n---\n\nWhere a memory came from.\n",
  )
  await commit(copy, 'Say where a memory came from')
  return file.slice(file.lastIndexOf('/') + 1, -'.sql'.length)
}
