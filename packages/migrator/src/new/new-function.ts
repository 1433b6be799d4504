import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { AthenaError } from '@athena-pg/database'

/**
 * The file that a new function goes to; writes nothing.
 * @param folder where functions live
 * @throws AthenaError `malformed_file_name`, `function_exists`
 */
export function functionFile(folder: string, name: string): string {
  const bare = name.replace(/\.sql$/, '')
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(bare)) {
    throw new AthenaError({
      code: 'malformed_file_name',
      message: `a function cannot be called "${name}"`,
      detail:
        'A name is at most 63 lower-case letters, digits and _, and begins with no digit. The schema is not part of it.',
      hint: 'For example: athena migrate new schema add-memory-counts --function count_memories',
      exit: 2,
    })
  }
  const path = join(resolve(folder), `${bare}.sql`)
  if (sqlFiles(folder).includes(`${bare}.sql`)) {
    throw new AthenaError({
      code: 'function_exists',
      message: `there is a function ${bare} already`,
      detail: path,
      hint: 'Edit that file: a function is applied again when its file changes.',
    })
  }
  return path
}

/** Writes a function that returns nothing yet, in the schema of the folder's other functions, else in `athena`. */
export function newFunction(folder: string, name: string): string {
  const path = functionFile(folder, name)
  mkdirSync(resolve(folder), { recursive: true })
  writeFileSync(path, template(schemaOf(folder), name.replace(/\.sql$/, '')), { flag: 'wx' })
  return path
}

function schemaOf(folder: string): string {
  for (const base of sqlFiles(folder)) {
    const text = readFileSync(join(folder, base), 'utf8')
    const schema = /^CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE)\s+([a-z_][a-z0-9_]*)\./im.exec(text)?.[1]
    if (schema !== undefined) return schema
  }
  return 'athena'
}

function sqlFiles(folder: string): string[] {
  try {
    return readdirSync(folder).filter((base) => base.endsWith('.sql'))
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return []
    throw error
  }
}

function template(schema: string, name: string): string {
  return `-- Why it is a function, and what its callers may rely on. It runs with their rights, and finds only pg_catalog unqualified.
CREATE OR REPLACE FUNCTION ${schema}.${name} () RETURNS void LANGUAGE plpgsql STABLE
SET
  search_path = pg_catalog,
  pg_temp AS $function$
BEGIN
  NULL;
END
$function$;

COMMENT ON FUNCTION ${schema}.${name} () IS 'What it returns, and for whom.';
`
}
