import { AthenaError } from '@athena-pg/database'
import { readRecords } from './undo-record.ts'

/** A record that cannot be read is told too, and nothing more: this is for commands that change nothing. */
export function warnOfUnfinished(talk: (line: string) => void, project: string, system: string): void {
  try {
    const [latest] = readRecords(project, system)
    if (latest?.record.state !== 'begun') return
    talk(`warning: an athena tune apply of ${latest.record.at} did not end: athena tune apply --rollback`)
  } catch (error) {
    if (!(error instanceof AthenaError)) throw error
    talk(`warning: ${error.message}: ${error.detail ?? ''}`)
  }
}
