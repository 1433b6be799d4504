import type { Prepared, Unit } from '@athena-pg/maintenance/adopt'

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
      process.stderr.write(`\r\u001b[K${bar(read, total)} ${unit.id} ${read}${total ? ` of ${total}` : ''}${speed}`)
    },
    clear() {
      if (isTerminal && !json) process.stderr.write('\r\u001b[K')
    },
  }
}

function bar(done: number, total: number | undefined): string {
  const width = 24
  const filled = total ? Math.min(width, Math.round((done / total) * width)) : 0
  return `${'█'.repeat(filled)}${'░'.repeat(width - filled)}`
}
