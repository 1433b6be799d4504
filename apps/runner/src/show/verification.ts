import {
  differenceLines,
  type TracedStatement,
  type Verification,
  type VerifyFinding,
} from '@athena-pg/migrator/verify'

export function findingLines({ path, message, detail, differences }: VerifyFinding): string[] {
  const where = path === undefined ? '' : `  ${path}\n`
  return [
    `wrong    ${message}`,
    ...`${where}${detail === undefined ? '' : `  ${detail.replaceAll('\n', '\n  ')}`}`
      .split('\n')
      .filter((line) => line !== ''),
    ...differences.flatMap((difference) => [
      `  ${difference.state} ${difference.object}`,
      ...differenceLines(difference).map((line) => `    ${line}`),
    ]),
  ]
}

/**
 * By migration, a line for each statement that locks a table that was there before; what blocks others begins with `!`.
 * What locks only its own new tables is counted.
 */
export function lockLines({ statements }: Verification): string[] {
  const migrations = [...new Set(statements.map(({ migration }) => migration))]
  return migrations.flatMap((migration) => {
    const own = statements.filter((statement) => statement.migration === migration)
    const told = own.filter(({ locks }) => locks.some(({ isNew }) => !isNew))
    const made = [
      ...new Set(own.flatMap(({ locks }) => locks.filter(({ isNew }) => isNew).map(({ relation }) => relation))),
    ]
    const rest = own.length - told.length
    return [
      `locks    ${migration}`,
      ...alike(told).map(({ statement, more }) => lineOf(statement, more)),
      ...(rest > 0 ? [`    ${counted(rest, told.length > 0)} no table that was there before${newTables(made)}`] : []),
    ]
  })
}

function lineOf({ sql, milliseconds, isSampled, locks }: TracedStatement, more: number): string {
  const text = sql.replaceAll(/\s+/g, ' ')
  const old = locks.filter(({ isNew }) => !isNew)
  const [lock] = old
  const isBlocking = lock !== undefined && lock.blocks !== 'nothing'
  const remarks = [
    isBlocking ? `blocks ${lock.blocks}` : 'blocks neither reads nor writes',
    ...(old.some(({ rewrote }) => rewrote) ? ['REWRITES the table'] : []),
    isSampled ? 'watched' : `${(milliseconds ?? 0).toFixed(1)} ms`,
  ]
  const others = old.length > 1 ? ` and ${old.length - 1} more` : ''
  const likewise = more > 0 ? `, and ${more} more ${more === 1 ? 'statement' : 'statements'} like it` : ''
  return `  ${isBlocking ? '!' : ' '} ${shortened(text).padEnd(width)}  ${lock?.mode} on ${lock?.relation}${others} (${remarks.join(', ')})${likewise}`
}

const width = 48

function shortened(text: string): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text
}

function counted(rest: number, areOthers: boolean): string {
  const which = areOthers ? `${rest} other statement` : `${rest} statement`
  return rest === 1 ? `${which} locks` : `${which}s lock`
}

function newTables(names: readonly string[]): string {
  if (names.length === 0) return ''
  const shown = names.slice(0, 3).join(', ')
  return ` (new: ${shown}${names.length > 3 ? ` and ${names.length - 3} more` : ''})`
}

/** The runner builds an index on each partition by a statement of its own: one stands for all that lock in the same way. */
function alike(statements: readonly TracedStatement[]): { statement: TracedStatement; more: number }[] {
  const groups: { statement: TracedStatement; more: number }[] = []
  const likeness = ({ sql, isSampled, locks }: TracedStatement): string =>
    JSON.stringify([isSampled, sql.split(' ').slice(0, 3), locks.map(({ mode, isNew }) => [mode, isNew])])
  for (const statement of statements) {
    const last = groups.at(-1)
    if (last !== undefined && statement.isSampled && likeness(last.statement) === likeness(statement)) last.more += 1
    else groups.push({ statement, more: 0 })
  }
  return groups
}
