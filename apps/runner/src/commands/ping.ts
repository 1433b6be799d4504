import { defineCommand } from '../command.ts'
import { closed, count, flag, text } from '../json-shapes.ts'
import { serverSummary } from '../show/server-summary.ts'

export const command = defineCommand({
  summary: 'Check the connection and say what the server is',
  examples: ['athena ping', 'athena ping --database-url postgres://app@db.example.com/app --json'],
  options: {},
  output: closed({
    location: text,
    milliseconds: count,
    server: closed(
      {
        version: { type: 'integer', description: 'server_version_num: 180006 for 18.6' },
        versionText: text,
        embedded: flag,
        managed: { enum: ['rds', 'cloud_sql', 'azure', 'supabase', 'neon'] },
        database: text,
        user: text,
        superuser: flag,
        inRecovery: flag,
        readOnly: flag,
        encoding: text,
        tls: text,
        maxConnections: count,
        size: { ...count, description: 'Bytes' },
        pgvector: closed({ installed: text, schema: text, available: text, creatable: flag }, [
          'installed',
          'schema',
          'available',
        ]),
        citus: text,
      },
      ['managed', 'tls', 'citus'],
    ),
  }),
  async run({ json, print, talk, openDatabase }) {
    const { describe } = await import('@athena-pg/database')
    const database = await openDatabase()
    const started = performance.now()
    const client = await database.open('ping')
    try {
      const server = await describe(client)
      const milliseconds = Math.round(performance.now() - started)
      if (json) print(JSON.stringify({ location: database.location, milliseconds, server }))
      else for (const line of serverSummary(database.location, milliseconds, server)) print(line)
      if (server.pgvector.installed === undefined) talk('next: athena migrate up')
    } finally {
      await client.end()
    }
  },
})
