import type { Warn } from './warn.ts'

/** archive_command names a program that nobody knows to be there. */
export const warnOfArchive: Warn = ({ facts }) => {
  if (!facts.workload.pitr) return []
  return [
    {
      code: 'archive_needs_setup',
      message:
        'archive_command calls pgBackRest with the stanza athena: until both are set up, WAL is kept and fills the disk',
      hint: 'Set it up first: pgbackrest --stanza=athena stanza-create, then check after the restart.',
    },
  ]
}
