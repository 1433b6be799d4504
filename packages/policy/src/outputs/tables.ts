import type { TableAdvice } from '../recommendation.ts'
import { comment } from '../text/comment.ts'
import { head } from '../text/head.ts'
import { quoteSql } from '../text/quote-sql.ts'
import type { Output } from './output.ts'

export const tables: Output = {
  name: 'tables',
  summary: 'Storage parameters of the large tables, set on every partition',
  render(recommendation, options) {
    const advice = recommendation.tables.filter(({ parameters }) => parameters.length > 0)
    const lines = [
      ...head('Storage parameters of tables', recommendation, options, '--'),
      '--',
      ...comment(
        'A partitioned table takes none, so they are set on its partitions. What is set already is left alone, so this can be run again: after partitions have been added, too. Takes SHARE UPDATE EXCLUSIVE on each, which reading and writing go on beside, and gives up after 5 s of waiting.',
        '--',
      ),
      ...(advice.length === 0 ? ['', '-- Nothing to set.'] : ['', ...set(advice), '', ...undo(advice)]),
    ]
    return [{ name: 'tables.sql', content: `${lines.join('\n')}\n` }]
  },
}

function set(advice: readonly TableAdvice[]): string[] {
  return [
    'DO $tables$',
    'DECLARE',
    '  advice record;',
    '  leaf regclass;',
    'BEGIN',
    "  PERFORM set_config('lock_timeout', '5s', true);",
    '  FOR advice IN',
    '    SELECT',
    '      relation,',
    "      string_agg(format('%s = %L', name, value), ', ') AS parameters,",
    "      array_agg(format('%s=%s', name, value)) AS options",
    '    FROM',
    '      (VALUES',
    ...rows(advice),
    '      ) AS told (relation, name, value)',
    '    GROUP BY relation',
    '    ORDER BY relation',
    '  LOOP',
    '    IF to_regclass(advice.relation) IS NULL THEN',
    "      RAISE NOTICE 'there is no table %', advice.relation;",
    '    END IF;',
    ...leaves("EXECUTE format('ALTER TABLE %s SET (%s)', leaf, advice.parameters);", [
      "AND NOT coalesce(reloptions, '{}') @> advice.options",
    ]),
    '  END LOOP;',
    'END',
    '$tables$;',
  ]
}

function rows(advice: readonly TableAdvice[]): string[] {
  const all = advice.flatMap(({ table, parameters }) =>
    parameters.map((parameter) => ({ table: qualified(table), ...parameter })),
  )
  return all.flatMap(({ table, name, value, reason }, index) => [
    ...comment(reason, '--', '        '),
    `        (${[table, name, value].map(quoteSql).join(', ')})${index < all.length - 1 ? ',' : ''}`,
  ])
}

/** The store lives in the schema athena, whatever the search_path. */
function qualified(table: string): string {
  return table.includes('.') ? table : `athena.${table}`
}

/** A loop over the leaf partitions of a relation, or over a plain table itself. */
function leaves(statement: string, conditions: readonly string[] = []): string[] {
  return [
    '    FOR leaf IN',
    '      SELECT oid',
    '      FROM pg_class',
    '      WHERE',
    "        relkind = 'r'",
    '        AND (',
    '          oid = to_regclass(advice.relation)',
    '          OR oid IN (SELECT relid FROM pg_partition_tree(to_regclass(advice.relation)))',
    '        )',
    ...conditions.map((condition) => `        ${condition}`),
    '      ORDER BY oid::regclass::text',
    '    LOOP',
    `      ${statement}`,
    '    END LOOP;',
  ]
}

/** fillfactor stays: a migration may have set it, and a RESET would take that back. */
function undo(advice: readonly TableAdvice[]): string[] {
  const told = advice.map(({ table, parameters }) => {
    const names = parameters.map(({ name }) => name).filter((name) => name !== 'fillfactor')
    return { relation: qualified(table), names }
  })
  const resets = told.filter(({ names }) => names.length > 0)
  const block = [
    'DO $tables$',
    'DECLARE',
    '  advice record;',
    '  leaf regclass;',
    'BEGIN',
    '  FOR advice IN',
    '    SELECT relation, names',
    '    FROM',
    '      (VALUES',
    ...resets.map(
      ({ relation, names }, index) =>
        `        (${quoteSql(relation)}, ${quoteSql(names.join(', '))})${index < resets.length - 1 ? ',' : ''}`,
    ),
    '      ) AS told (relation, names)',
    '  LOOP',
    ...leaves("EXECUTE format('ALTER TABLE %s RESET (%s)', leaf, advice.names);"),
    '  END LOOP;',
    'END',
    '$tables$;',
  ]
  return resets.length === 0 ? [] : [...comment('To undo:', '--'), ...block.map((line) => `--   ${line}`)]
}
