import { scan } from '../../scan.ts'
import type { Context, Rule } from '../rule.ts'
import { allOf, as, find, parts } from '../tree.ts'

/** Names that the statement calls when it runs: in itself, and in the body of a DO block. */
function* calls({
  statement: { tree, sql, byteOffset },
}: Context): Generator<{ name: string; at: number | undefined }> {
  if (as(tree, 'CreateFunctionStmt') !== undefined) return
  for (const { funcname, location } of find(tree, 'FuncCall')) {
    const name = parts(funcname)
    yield { name: name.length > 1 ? name.slice(-2).join('.') : `*.${name[0]}`, at: location }
  }
  const body = allOf(as(tree, 'DoStmt')?.args, 'DefElem').find(({ defname }) => defname === 'as')
  const text = as(body?.arg, 'String')?.sval ?? ''
  for (const { kind, start, end } of scan(text)) {
    if (kind !== 'code') continue
    for (const match of text.slice(start, end).matchAll(/\b(\w+\.\w+)\s*\(/g)) {
      const at = sql.indexOf(text)
      const before = at < 0 ? 0 : Buffer.byteLength(sql.slice(0, at + start + match.index))
      yield { name: match[1]?.toLowerCase() ?? '', at: byteOffset + before }
    }
  }
}

export const rule: Rule = {
  id: 'early_function_call',
  level: 'error',
  places: ['up', 'down'],
  reason:
    'Repeatable functions are applied after all migrations: on a new database this one is not there yet, and on others it is an older one.',
  help: 'Write the statements themselves, or create a function of another name in this migration and drop it at the end.',
  source: 'https://github.com/athena-pg/athena-pg/blob/main/docs/guides/lint.md#functions',
  ok: [
    'SELECT app.other();',
    'CREATE FUNCTION app.caller() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM app.example(); END $$;',
    'DO $$ BEGIN -- app.example() makes more of them\n END $$;',
  ],
  err: ['SELECT app.example(1);', 'DO $$ BEGIN PERFORM app.example(1); END $$;', 'SELECT example(1);'],
  *check(context) {
    const { functions } = context
    if (functions.size === 0) return
    for (const { name, at } of calls(context)) {
      const bare = name.startsWith('*.') ? name.slice(1) : undefined
      const called = bare === undefined ? name : [...functions].find((each) => each.endsWith(bare))
      if (called !== undefined && functions.has(called)) yield { at, detail: `${called}() is a repeatable function.` }
    }
  },
}
