import type { Rule } from '../rule.ts'
import { allOf, as, parts } from '../tree.ts'

export const rule: Rule = {
  id: 'citus_inlined_function',
  level: 'warning',
  places: ['up', 'function'],
  statements: ['CreateFunctionStmt'],
  reason:
    'PostgreSQL inlines a LANGUAGE sql function into the query, and Citus refuses the parameters that are left over where it reads a distributed table.',
  help: 'Write it in plpgsql, or give it a SET clause (SET search_path = …), which keeps it from being inlined.',
  source: 'https://github.com/citusdata/citus/issues/6102',
  ok: [
    "CREATE FUNCTION app.f(a int) RETURNS int LANGUAGE sql SET search_path = app AS 'SELECT a FROM app.notes';",
    "CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT n FROM app.notes';",
    "CREATE FUNCTION app.f(a int) RETURNS int LANGUAGE sql AS 'SELECT a + 1';",
    'CREATE FUNCTION app.f(a int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT n FROM app.notes WHERE id = a); END $$;',
  ],
  err: [
    "CREATE FUNCTION app.f(a int) RETURNS int LANGUAGE sql AS 'SELECT n FROM app.notes WHERE id = a';",
    'CREATE FUNCTION app.f(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT n FROM app.notes WHERE id = a; END;',
  ],
  *check({ statement }) {
    const create = as(statement.tree, 'CreateFunctionStmt')
    const options = allOf(create?.options, 'DefElem')
    const optionOf = (name: string) => options.find(({ defname }) => defname === name)
    if (as(optionOf('language')?.arg, 'String')?.sval !== 'sql' || optionOf('set') !== undefined) return
    const given = allOf(create?.parameters, 'FunctionParameter').filter(
      ({ mode }) => mode !== 'FUNC_PARAM_TABLE' && mode !== 'FUNC_PARAM_OUT',
    )
    const body = parts(as(optionOf('as')?.arg, 'List')?.items).join(' ')
    const readsTable =
      create?.sql_body !== undefined ? /"RangeVar"/.test(JSON.stringify(create.sql_body)) : /\bfrom\s+[\w"]/i.test(body)
    if (given.length > 0 && readsTable) yield { detail: parts(create?.funcname).join('.') }
  },
}
