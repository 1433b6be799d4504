import type { Drift, DriftFinding } from '@athena-pg/migrator/drift'

export function driftLines({ findings, migrations }: Drift): string[] {
  if (migrations === 0) return []
  if (findings.length === 0) return [`no drift: the database is what its ${migrations} migrations made`]
  return findings.flatMap(({ state, object, diff, mend }) => [
    `${state.padEnd(10)} ${object}`,
    ...diff.map((line) => `  ${line}`),
    ...(mend.losesData ? ['  mend (deletes data):'] : mend.sql.length > 0 ? ['  mend:'] : []),
    ...mend.sql.flatMap((statement) => statement.split('\n').map((line) => `    ${line}`)),
    ...(mend.remark === undefined ? [] : [`  ${mend.sql.length === 0 ? 'by hand: ' : 'mind: '}${mend.remark}`]),
  ])
}

/** For psql, statement by statement: what is CONCURRENTLY cannot run in a transaction. */
export function mendingScript({ findings, interrupted }: Drift): string[] {
  if (findings.length === 0) return ['-- no drift: nothing to mend']
  // The next run goes on behind what is recorded as done: what was dropped of it would be missing for good.
  const halves = interrupted.map(
    (name) => `-- ${name} was interrupted: finish it first, this takes back what is done of it`,
  )
  return [
    ...halves,
    '\\set ON_ERROR_STOP on',
    "SET lock_timeout = '500ms';",
    ...findings.flatMap((finding) => ['', ...scriptOf(finding)]),
  ]
}

function scriptOf({ state, object, mend }: DriftFinding): string[] {
  const head = `-- ${state} ${object}`.replaceAll('\n', ' ')
  const remark = mend.remark === undefined ? [] : [`-- ${mend.remark}`]
  if (!mend.losesData) return [head, ...remark, ...mend.sql.flatMap(patient)]
  return [
    head,
    ...remark,
    '-- It deletes data, so it is commented out:',
    ...mend.sql.flatMap((sql) => sql.split('\n').map((line) => `-- ${line}`)),
  ]
}

/** A concurrent build that times out on a lock leaves an invalid index behind; nobody waits for one that waits. */
function patient(statement: string): string[] {
  if (!/^(CREATE|DROP) (UNIQUE )?INDEX CONCURRENTLY /.test(statement)) return [statement]
  return ['SET lock_timeout = 0;', statement, "SET lock_timeout = '500ms';"]
}
