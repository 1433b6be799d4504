// Run as a child: applies packages, and kills itself (SIGKILL) at the given boundary; tells how many there were otherwise.
import { connect } from '@athena-pg/database'
import { apply, discover, plan } from '../src/index.ts'
import { boundaries } from './boundaries.ts'

const [url, project = '', at, ...packages] = process.argv.slice(2)
const { events, passed } = boundaries(Number(at))

const database = await connect({ url })
const client = await database.open('spec')
const planned = await plan(client, discover({ packages, project }), { direction: 'up' })
await apply(database, planned, events)
await database.close()
process.stdout.write(String(passed()))
