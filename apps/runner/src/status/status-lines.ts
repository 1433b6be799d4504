import type { StatusAnswer } from './status-answer.ts'

/** A status for people, a line for each thing. */
export function statusLines(answer: StatusAnswer): string[] {
  return [
    ...answer.applied.map((row) => `applied  ${row.package}/${row.file}  ${new Date(row.appliedAt).toISOString()}`),
    ...answer.pending.map((file) => `pending  ${file.package}/${file.file}`),
    ...driftLines(answer),
    ...answer.functions
      .filter(({ state }) => state !== 'missing')
      .map((each) => `${each.state.padEnd(8)} function ${each.package}/${each.file}`),
  ]
}

/** What `migrate up` does not mend. */
export function driftLines({ applied, changed, functions, invalidIndexes, drift }: StatusAnswer): string[] {
  return [
    ...applied
      .filter(({ undone }) => undone !== null)
      .map((row) => `half down ${row.package}/${row.file}: ${row.undone} statements of its Down section are done`),
    ...changed.map(
      ({ package: name, file, checksum, appliedChecksum }) =>
        `changed  ${name}/${file}: applied with checksum ${appliedChecksum}, now ${checksum ?? 'gone'}`,
    ),
    ...functions
      .filter(({ state }) => state === 'missing')
      .map((each) => `missing  function ${each.package}/${each.file}`),
    ...invalidIndexes.map((name) => `invalid  index ${name}`),
    ...(drift ?? []).map((object) => `drifted  ${object}`),
  ]
}

/** The next command to type. */
export function nextAfter({ state, applied, changed, functions, drift }: StatusAnswer): string {
  if (state === 'up_to_date') return 'everything is applied'
  if (state === 'pending') return 'next: athena migrate up'
  if (applied.some(({ undone }) => undone !== null))
    return 'next: athena migrate down, which finishes what was interrupted'
  if (changed.length > 0)
    return 'next: put the old text back, and write a new migration for the change: athena migrate new; or accept it: athena migrate repair'
  const missing = functions.find(({ state: is }) => is === 'missing')
  if (missing !== undefined)
    return `next: DELETE FROM athena_migrations.functions WHERE package = '${missing.package}' AND file = '${missing.file}'; then athena migrate up`
  return `next: athena migrate drift${drift === null ? '' : ' --show-sql'}, which says how it is mended`
}
