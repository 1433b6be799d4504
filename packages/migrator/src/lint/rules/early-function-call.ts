import { scan } from '../../sql-text/scan.ts'
import type { Context, Rule } from '../rule.ts'
import { allOf, as, find, type Nodes, parts } from '../tree.ts'

interface Call {
  /** `schema.name`, or `*.name`. */
  name: string
  at: number | undefined
}

/** Functions that must be there when the statement runs. */
function* calls({ statement }: Context): Generator<Call> {
  const { tree } = statement
  if (as(tree, 'DropStmt') !== undefined) return
  const create = as(tree, 'CreateFunctionStmt')
  const trigger = as(tree, 'CreateTrigStmt')
  // A body in BEGIN ATOMIC is parsed at once, and so is one of LANGUAGE sql; others are read when they are called.
  const looked = create === undefined ? tree : create.sql_body
  for (const { funcname, location } of find(looked, 'FuncCall'))
    yield { name: keyOfCall(parts(funcname)), at: location }
  for (const { objname } of find(looked, 'ObjectWithArgs')) yield { name: keyOfCall(parts(objname)), at: undefined }
  if (trigger !== undefined) yield { name: keyOfCall(parts(trigger.funcname)), at: undefined }
  const options = allOf(create?.options ?? as(tree, 'DoStmt')?.args, 'DefElem')
  const language = as(options.find(({ defname }) => defname === 'language')?.arg, 'String')?.sval
  if (create === undefined || language === 'sql') yield* callsInBody(statement, options)
}

function keyOfCall(name: readonly string[]): string {
  return name.length > 1 ? name.slice(-2).join('.') : `*.${name[0]}`
}

/** Calls with a schema in a body that the tree only knows as text. */
function* callsInBody({ sql, byteOffset }: Context['statement'], options: Nodes['DefElem'][]): Generator<Call> {
  const body = options.find(({ defname }) => defname === 'as')?.arg
  const text = as(body, 'String')?.sval ?? parts(as(body, 'List')?.items)[0] ?? ''
  const start = sql.indexOf(text)
  for (const span of scan(text)) {
    if (span.kind !== 'code') continue
    for (const match of text.slice(span.start, span.end).matchAll(/\b(\w+\.\w+)\s*\(/g)) {
      const at = start < 0 ? 0 : start + span.start + match.index
      yield { name: match[1]?.toLowerCase() ?? '', at: byteOffset + Buffer.byteLength(sql.slice(0, at)) }
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
  source: 'https://www.postgresql.org/docs/current/sql-createfunction.html',
  ok: [
    'SELECT app.other();',
    'CREATE FUNCTION app.caller() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM app.example(); END $$;',
    'DO $$ BEGIN -- app.example() makes more of them\n END $$;',
    'DROP FUNCTION IF EXISTS app.example(int);',
  ],
  err: [
    'SELECT app.example(1);',
    'SELECT example(1);',
    'DO $$ BEGIN PERFORM app.example(1); END $$;',
    'CREATE TABLE app.notes (n int DEFAULT app.example(1));',
    'CREATE FUNCTION app.caller() RETURNS void LANGUAGE sql BEGIN ATOMIC SELECT app.example(1); END;',
    "CREATE FUNCTION app.caller() RETURNS void LANGUAGE sql AS 'SELECT app.example(1)';",
    'GRANT EXECUTE ON FUNCTION app.example(int) TO PUBLIC;',
  ],
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
