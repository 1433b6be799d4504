import type { MemoryBudget } from '../recommendation.ts'
import { commentWidth } from './comment.ts'
import { sizeText } from './size-text.ts'
import { wrap } from './wrap.ts'

/** The memory budget as lines of a table: what, how much, the arithmetic. */
export function budgetTable({ limit, reserve, worstCase, parts }: MemoryBudget): string[] {
  const rows: [string, number, string][] = [
    ...parts.map(({ name, bytes, reason }): [string, number, string] => [name, bytes, reason]),
    ['together', worstCase, 'all of it at the same moment'],
    ['reserve', reserve, 'the operating system and what is not counted'],
    ['left', limit - reserve - worstCase, 'page cache, which gives way'],
    ['limit', limit, 'of this machine or container'],
  ]
  const widest = Math.max(...rows.map(([name]) => name.length))
  return rows.flatMap(([name, bytes, reason]) => {
    const start = `${name.padEnd(widest)}  ${sizeText(bytes).padStart(8)}  `
    const [first = '', ...rest] = wrap(reason, commentWidth - 4 - start.length)
    return [`${start}${first}`.trimEnd(), ...rest.map((line) => ' '.repeat(start.length) + line)]
  })
}
