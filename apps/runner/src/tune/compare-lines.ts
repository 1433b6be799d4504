import type { Compared, Comparison } from '@athena-pg/policy'
import { gigabytes } from '../show/gigabytes.ts'
import { wrapped } from '../show/wrapped.ts'

const names = 34
const red = '\u001b[31m'
const yellow = '\u001b[33m'
const plain = '\u001b[0m'

/** Rows are settings, columns are ours and theirs; the worst cases below, then what a server would refuse. At most 120 columns. */
export function compareLines({ compared, settings }: Comparison, colour: boolean): string[] {
  const widths = compared.map(({ name }) =>
    Math.max(name.length, 10, ...settings.map(({ values }) => (values[name] ?? '-').length)),
  )
  const row = (name: string, cells: readonly string[], paint: (at: number) => string = () => ''): string => {
    const padded = cells.map((cell, at) => {
      const text = cell.padStart(widths[at] ?? 0)
      const start = colour ? paint(at) : ''
      return start === '' ? text : `${start}${text}${plain}`
    })
    return `${name.padEnd(names)}${padded.join('  ')}`.trimEnd()
  }
  const cells = (cell: (each: Compared) => string): string[] => compared.map(cell)
  const paint = (at: number): string => ({ fits: '', 'eats the reserve': yellow, 'over the limit': red })[verdictAt(at)]
  const verdictAt = (at: number): Compared['verdict'] => compared[at]?.verdict ?? 'fits'
  return [
    row(
      '',
      cells(({ name }) => name),
    ),
    ...settings.map(({ name, values }) =>
      row(
        name,
        cells((each) => values[each.name] ?? '-'),
      ),
    ),
    '',
    row(
      'memory at worst',
      cells(({ memory }) => gigabytes(memory.worstCase)),
      paint,
    ),
    row(
      `of ${gigabytes(compared[0]?.memory.limit ?? 0)}`,
      cells(({ share }) => `${Math.round(share * 100)}%`),
      paint,
    ),
    row(
      '',
      cells(({ verdict }) => ({ fits: 'fits', 'eats the reserve': 'reserve', 'over the limit': 'OVER' })[verdict]),
      paint,
    ),
    '',
    '-: not set, so that the default holds. Counted alike for all: each session, or as many as are told to be active,',
    'sorts or hashes twice at once, parallel workers too; every autovacuum worker and one index build are at work, the',
    'build with maintenance_work_mem; with ours a vector index takes more, which is counted. Where jit is on, a session',
    'keeps what it compiled: 80 MB instead of 12.',
    ...refusedLines(compared),
    ...notes(compared),
  ]
}

function refusedLines(compared: readonly Compared[]): string[] {
  const lines = compared.flatMap(({ name, refused }) =>
    refused.map((each) => `  ${name}: ${each.name} = ${each.value} (${each.reason})`),
  )
  return lines.length === 0 ? [] : ['', 'refused by a server of this build, which then does not start:', ...lines]
}

function notes(compared: readonly Compared[]): string[] {
  const lines = compared.flatMap(({ name, assumptions }) =>
    assumptions.flatMap((text) =>
      wrapped(`${name}: ${text}`, 116).map((line, at) => `${at === 0 ? '  ' : '    '}${line}`),
    ),
  )
  return ['', 'what was taken where they ask for more, or for less, than is known:', ...lines]
}
