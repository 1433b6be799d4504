import { beforeEach, expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { query } from '../../../test/migrating.ts'
import { loadRules } from '../src/lint/index.ts'

/** Rules that say "PostgreSQL refuses" or "pgvector refuses", with how it says so. */
const refusals: Record<string, RegExp> = {
  duplicate_assignment: /multiple assignments to same column|specified more than once/,
  unique_key_without_partition_key:
    /must include all partitioning columns|cannot be used when partition keys include expressions|unsupported .* constraint with partition key definition/,
  small_ef_construction: /ef_construction must be greater than or equal to 2 \* m/,
  vector_index_over_limit: /cannot have more than \d+ dimensions/,
}
const rules = await loadRules()
const cases = Object.entries(refusals).flatMap(([id, says]) => {
  const rule = rules.find((each) => each.id === id)
  return (rule?.err ?? []).map((text) => [id, text, says] as const)
})
const accepted = Object.keys(refusals).flatMap((id) =>
  (rules.find((each) => each.id === id)?.ok ?? []).map((text) => [id, text] as const),
)

onEachEngine('what lint says is refused', (engine) => {
  const db = freshDatabase(engine)
  beforeEach(() => query(db().database, 'CREATE EXTENSION vector; CREATE SCHEMA app'))

  test.each(cases)('%s is refused: %s', async (_, text, says) => {
    if (!/CREATE TABLE app\.(notes|events)/.test(text)) await query(db().database, 'CREATE TABLE app.notes (a int)')
    await expect(query(db().database, text)).rejects.toThrow(says)
  })

  test.each(accepted)('%s finds nothing in what is accepted: %s', async (_, text) => {
    await query(db().database, text)
  })
})
