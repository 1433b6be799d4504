import { estimateHugePages } from '../memory/huge-pages.ts'
import { sizeText } from '../text/size-text.ts'
import type { Warn } from './warn.ts'

/** Page tables are the only part of the budget that a change of the host takes away. */
export const warnOfPageTables: Warn = ({ facts, memory }) => {
  const tables = memory.parts.find(({ name }) => name === 'page tables')
  if (facts.hugePages || tables === undefined || tables.bytes < memory.limit / 20) return []
  return [
    {
      code: 'page_tables_large',
      message: `page tables take ${sizeText(tables.bytes)} at worst, ${Math.round((100 * tables.bytes) / memory.limit)} % of the memory`,
      hint: `Set aside about ${estimateHugePages({ memory })} huge pages on the host (--output sysctl) and tell --huge-pages: they do away with it.`,
    },
  ]
}
