import type { Prepared, Unit } from '@athena-pg/maintenance/adopt'
import { bar, drawLine } from '../show/bar.ts'

interface Bar {
  progress(unit: Unit, read: number): void
  clear(): void
}

/** Rows so far of the table under way, and how fast; a line per table where there is no terminal. */
export function showBar(
  { isTerminal, json, talk }: { isTerminal: boolean; json: boolean; talk(line: string): void },
  { survey }: Pick<Prepared, 'survey'>,
): Bar {
  let current = ''
  let began = { at: Date.now(), read: 0 }
  return {
    progress(unit, read) {
      if (unit.id !== current) {
        current = unit.id
        began = { at: Date.now(), read }
        if (!isTerminal && !json) talk(`copying ${unit.id}`)
      }
      if (!isTerminal || json) return
      const total = unit.kind === 'rows' ? survey.tables.find(({ source }) => source === unit.source)?.rows : undefined
      const seconds = (Date.now() - began.at) / 1000
      const speed = seconds > 0.5 ? `, ${Math.round((read - began.read) / seconds)} rows/s` : ''
      drawLine(`${bar(total ? read / total : 0)} ${unit.id} ${read}${total ? ` of ${total}` : ''}${speed}`)
    },
    clear() {
      if (isTerminal && !json) drawLine('')
    },
  }
}
