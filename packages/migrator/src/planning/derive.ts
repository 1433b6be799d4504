import { AthenaError } from '@athena-pg/database'
import type pg from 'pg'
import type { VariableDeclaration } from '../manifest.ts'
import { render } from '../sql-text/render.ts'

/** Values that the server decides where nobody else did: the schema in which the vector extension lives. */
export async function detectedVariables(client: pg.ClientBase): Promise<Record<string, string>> {
  const { rows } = await client.query(
    `SELECT n.nspname AS vector_schema FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'vector'`,
  )
  return rows[0] ?? {}
}

/**
 * Adds the derived variables among `wanted`, each evaluated by the server in a read-only transaction.
 * @throws AthenaError `invalid_variable` where the expression fails
 */
export async function deriveVariables(
  client: pg.ClientBase,
  declarations: ReadonlyMap<string, VariableDeclaration>,
  settable: ReadonlyMap<string, string>,
  wanted: readonly string[],
): Promise<Map<string, string>> {
  const values = new Map(settable)
  for (const name of new Set(wanted)) {
    const declaration = declarations.get(name)
    if (declaration?.type === 'derived')
      values.set(name, await evaluate(client, name, declaration.expression, settable))
  }
  return values
}

async function evaluate(
  client: pg.ClientBase,
  name: string,
  expression: string,
  settable: ReadonlyMap<string, string>,
): Promise<string> {
  const where = `athena.variables.${name}`
  const { sql } = render({ text: expression, offset: 0 }, settable, where, expression)
  try {
    await client.query('BEGIN READ ONLY')
    const { rows } = await client.query(`SELECT (${sql})::text AS value`)
    if (typeof rows[0]?.value === 'string') return rows[0].value
    throw new Error('it is null')
  } catch (cause) {
    throw new AthenaError({
      code: 'invalid_variable',
      message: `the derived variable "${name}" has no value here`,
      detail: `${(cause as Error).message}; expression: ${sql}`,
      hint: 'Correct its expression in the package.json that declares it.',
      cause,
    })
  } finally {
    await client.query('ROLLBACK')
  }
}
