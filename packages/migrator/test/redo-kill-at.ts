// Run as a child: does migrations again, and kills itself (SIGKILL) at the given boundary; tells how many there were otherwise.
import { connect } from '@athena-pg/database'
import { discover, type PlanEvents } from '../src/index.ts'
import { planRedo, redo } from '../src/redo.ts'

const [url, project = '', at, steps, ...packages] = process.argv.slice(2)
let passed = 0
const boundary = () => {
  passed += 1
  if (passed === Number(at)) process.kill(process.pid, 'SIGKILL')
}
const events: PlanEvents = {
  started: boundary,
  resumed: boundary,
  progress: ({ phase }) => phase === '' && boundary(),
  applied: boundary,
}

const database = await connect({ url })
const client = await database.open('spec')
const planned = await planRedo(client, discover({ packages, project }), { steps: Number(steps) })
await redo(database, planned, events)
await database.close()
process.stdout.write(String(passed))
