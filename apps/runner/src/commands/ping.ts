import { defineCommand } from '../command.ts'
import { serverSummary } from '../server-summary.ts'

export const command = defineCommand({
  summary: 'Check the connection and say what the server is',
  examples: ['athena ping', 'athena ping --database-url postgres://app@db.example.com/app --json'],
  options: {},
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
