import { type Batch, withoutSkipLocked } from '../batch/batch.ts'
import type { Statement } from '../sql-text/statements.ts'

/**
 * A block that psql sends outside a transaction, in which each batch commits. EXECUTE, since the block's own variables would
 * otherwise be taken for columns.
 */
export function inBatches({ sql }: Statement, batch: Batch): string {
  const limit =
    batch.limit === undefined
      ? []
      : [
          '    total := total + changed;',
          `    IF total > ${batch.limit} THEN RAISE EXCEPTION 'a batched statement changed % rows; its limit is ${batch.limit}', total; END IF;`,
        ]
  const pause = batch.pause === 0 ? [] : [`    PERFORM pg_sleep(${batch.pause / 1000});`]
  const loop = (text: string): string[] => [
    '  LOOP',
    `    EXECUTE ${dollarQuoted(`\n${text}\n`, 'statement')};`,
    '    GET DIAGNOSTICS changed = ROW_COUNT;',
    '    COMMIT;',
    '    EXIT WHEN changed = 0;',
    ...limit,
    ...pause,
    '  END LOOP;',
  ]
  // What skips locked rows is done only when it changes none without skipping.
  const patient = withoutSkipLocked(sql)
  const body = [
    'DECLARE changed bigint; total bigint := 0;',
    'BEGIN',
    ...loop(sql),
    ...(patient === undefined ? [] : loop(patient)),
    'END',
  ]
  return `DO ${dollarQuoted(`\n${body.join('\n')}\n`, 'batches')};`
}

function dollarQuoted(text: string, tag: string): string {
  let quote = `$${tag}$`
  for (let number = 1; text.includes(quote); number += 1) quote = `$${tag}_${number}$`
  return `${quote}${text}${quote}`
}
