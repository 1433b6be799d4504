// A child process of the specs: opens the embedded database in a folder and does what it is told, line by line.
import { createInterface } from 'node:readline'
import { connect } from '../src/connect.ts'
import { AthenaError } from '../src/errors.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)

try {
  say('opening')
  const database = await connect({ env: {}, folder: process.argv[2] })
  const client = await database.open('spec')
  say('open')
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'close') {
      await client.end()
      await database.close()
      say('closed')
      // Else the open pipe, not the database, would keep the process.
      process.stdin.destroy()
      break
    }
    if (line === 'exit') process.exit(0)
    const { rows } = await client.query(line)
    say(JSON.stringify(rows))
  }
} catch (error) {
  if (!(error instanceof AthenaError)) throw error
  say(JSON.stringify(error))
}
