import { defineCommand } from '../command.ts'
import { confirm, yesOption } from '../confirm.ts'
import { folderHolder, folderLines, holderLines, unlockOutput } from '../show/unlock-report.ts'

export const command = defineCommand({
  summary: 'Show who holds the migration lock, and, once you have said yes, end that session',
  details: `A run holds two locks, each by a session: "runner" keeps other runs out, "work" does what is to be done. Both end with their process; a lock that stays belongs to a process that still runs, or to a connection that the server does not know is broken.
What is recorded as applied stays so, and the next \`athena migrate up\` goes on from there. The embedded database is held by a process, which is shown and never ended. Nothing held: exit 0.`,
  examples: ['athena migrate unlock --dry-run', 'athena migrate unlock --yes'],
  options: {
    yes: yesOption,
    'dry-run': { type: 'boolean', description: 'Only show who holds it' },
    'show-sql': { type: 'boolean', description: 'Print the SQL that would end the sessions, and change nothing' },
  },
  output: unlockOutput,
  async run(context) {
    const { options, json, print, talk } = context
    if (context.embeddedFolder !== undefined) {
      const { embeddedHolder } = await import('@athena-pg/database/embedded-holder')
      const holder = embeddedHolder(context.embeddedFolder)
      if (json) print(JSON.stringify({ holders: holder ? [folderHolder(holder)] : [], ended: [] }))
      else if (holder === undefined) print(`nobody holds the embedded database in ${context.embeddedFolder}`)
      else for (const line of folderLines(holder, context.embeddedFolder)) print(line)
      return holder === undefined || holder.state === 'dead' || options['dry-run'] ? 0 : 1
    }
    const { endSql, isWorking, lockSessions, unlock } = await import('@athena-pg/migrator/unlock')
    const database = await context.openDatabase()
    const client = await database.open('migrate unlock')
    try {
      const holders = await lockSessions(client)
      if (options['show-sql']) {
        for (const holder of holders) print(endSql(holder))
        return 0
      }
      if (json && (holders.length === 0 || options['dry-run'])) {
        print(JSON.stringify({ holders, ended: [] }))
        return 0
      }
      if (holders.length === 0) {
        print(`nobody holds the migration lock of ${database.location}`)
        return 0
      }
      const tell = options['dry-run'] ? print : talk
      for (const line of holders.flatMap(holderLines)) tell(line)
      if (holders.some(isWorking)) {
        talk('warning: it is at work: ending it stops that statement, which is undone, or, as a concurrent index, left')
        talk('  invalid until the next run drops it and builds it anew')
      }
      if (options['dry-run']) {
        talk('next: athena migrate unlock')
        return 0
      }
      const count = holders.length
      await confirm(context, `end ${count === 1 ? 'this session' : `these ${count} sessions`} of ${database.location}`)
      await unlock(client, holders)
      const ended = holders.map(({ pid }) => pid)
      if (json) print(JSON.stringify({ holders, ended }))
      else {
        for (const { lock, pid } of holders) print(`ended pid ${pid}, which held the ${lock} lock`)
        talk('next: athena migrate up')
      }
      return 0
    } finally {
      await client.end()
    }
  },
})
