// Run as a child: does migrations again, and kills itself (SIGKILL) at the given boundary; tells how many there were otherwise.
import { connect } from '@athena-pg/database'
import { discover } from '../src/index.ts'
import { planRedo, redo } from '../src/redo.ts'
import { boundaries } from './boundaries.ts'

const [url, project = '', at, steps, ...packages] = process.argv.slice(2)
const { events, passed } = boundaries(Number(at))

const database = await connect({ url })
const client = await database.open('spec')
const planned = await planRedo(client, discover({ packages, project }), { steps: Number(steps) })
await redo(database, planned, events)
await database.close()
process.stdout.write(String(passed()))
