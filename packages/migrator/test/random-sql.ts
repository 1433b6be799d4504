/** Numbers in [0, 1), the same for the same seed (mulberry32): a failure can be run again. */
export function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

type Next = () => number

function pick<T>(next: Next, items: readonly T[]): T {
  return items[Math.floor(next() * items.length)] as T
}

function repeat(next: Next, most: number, piece: () => string): string {
  return Array.from({ length: Math.floor(next() * (most + 1)) }, piece).join('')
}

const words = [
  'SELECT',
  'e',
  'E',
  'x',
  'a$b',
  'ä',
  '1',
  '$2',
  ',',
  ';',
  '(',
  ')',
  '::text',
  ':name',
  'a[1:2]',
  '<->',
  '*',
  'U&',
  'N',
]
const nasty = [
  "'",
  "''",
  '"',
  '$',
  '$$',
  '$t$',
  '$ä$',
  '\\',
  "\\'",
  '--',
  '/*',
  '*/',
  '/',
  '\n',
  ' ',
  '\n-- Up Migration\n',
  '\n-- Down Migration\n',
  '--! no-transaction',
  ':name',
  'x',
  'é',
  '😀',
  ';',
]

/**
 * Random SQL-like text in which strings, bodies, comments and markers nest.
 * @param kind `lexable`: each quote is closed, as in a file that PostgreSQL accepts; `anything`: also torn pieces
 */
export function randomSql(next: Next, pieces: number, kind: 'lexable' | 'anything'): string {
  return repeat(next, pieces, () => {
    if (kind === 'anything' && next() < 0.3) return pick(next, nasty)
    return pick(next, [word, word, string, escapeString, identifier, body, lineComment, blockComment])(next)
  })
}

const space = (next: Next): string => pick(next, [' ', '\n', '\t', ' \n '])
const contents = (next: Next): string => repeat(next, 6, () => pick(next, nasty))

const word = (next: Next): string => `${pick(next, words)}${space(next)}`

function string(next: Next): string {
  const prefix = pick(next, ['', '', '', 'N', 'U&'])
  return `${prefix}'${contents(next)
    .replaceAll("'", "''")
    .replaceAll('\\', prefix === 'U&' ? '' : '\\')}'${space(next)}`
}

function escapeString(next: Next): string {
  const part = () =>
    `'${contents(next)
      .replaceAll('\\', '')
      .replaceAll("'", pick(next, ["''", "\\'"]))}'`
  const more = repeat(next, 1, () => `\n ${part()}`)
  return `${pick(next, ['E', 'e'])}${part()}${more} ${space(next)}`
}

const identifier = (next: Next): string => `"x${contents(next).replaceAll('"', '""')}"${space(next)}`

function body(next: Next): string {
  const tag = pick(next, ['', 'a', '_b1', 'ü'])
  return `$${tag}$${contents(next).replaceAll(`$${tag}$`, '').replaceAll('$', '')}$${tag}$${space(next)}`
}

const lineComment = (next: Next): string => `--${contents(next).replaceAll('\n', '')}\n`

function blockComment(next: Next): string {
  const inside = contents(next).replaceAll(/[*/]/g, '')
  return `/*${inside}${next() < 0.4 ? blockComment(next) : ''}${inside}*/${space(next)}`
}
