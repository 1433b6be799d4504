// Run as a child that is to be killed: says "ready", then goes up, or down to zero.
import { connect } from '@athena-pg/database'
import { apply, discover, plan } from '../src/index.ts'

const [url, project = '', direction, ...packages] = process.argv.slice(2)
const database = await connect({ url })
const client = await database.open('spec')
const target = direction === 'down' ? ({ direction, to: 'zero' } as const) : ({ direction: 'up' } as const)
const planned = await plan(client, discover({ packages, project }), target)
await client.end()
process.stdout.write('ready\n')
await apply(database, planned)
await database.close()
