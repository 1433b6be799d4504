// Run as a child: applies packages, and kills itself (SIGKILL) at the given boundary; tells how many there were otherwise.
import { connect } from '@athena-pg/database'
import { apply, discover, type PlanEvents, plan } from '../src/index.ts'

const [url, project = '', at, ...packages] = process.argv.slice(2)
let passed = 0
const boundary = () => {
  passed += 1
  if (passed === Number(at)) process.kill(process.pid, 'SIGKILL')
}
const events: PlanEvents = {
  planned: boundary,
  started: boundary,
  resumed: boundary,
  progress: ({ phase }) => phase === '' && boundary(),
  applied: boundary,
}

const database = await connect({ url })
const client = await database.open('spec')
const planned = await plan(client, discover({ packages, project }), { direction: 'up' })
await apply(database, planned, events)
await database.close()
process.stdout.write(String(passed))
