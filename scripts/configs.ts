// Writes configs/ anew, one folder for each profile: `pnpm configs`. CI runs this and accepts no diff, so that a change of a rule
// shows as a change of the files that people use.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gatherFacts, outputs, profiles, recommend } from '@athena-pg/policy'

const root = join(import.meta.dirname, '..', 'configs')
// For programs and for one's own machine.
const notKept = new Set(['json', 'html'])
// pgbouncer.ini exists only for pooled facts.
const needsPooler = new Set(['pgbouncer.ini'])

for (const { name: profile, facts: given } of profiles) {
  const { facts } = gatherFacts([{ origin: `profile ${profile}`, facts: given }])
  const recommendation = recommend(facts)
  const folder = join(root, profile)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const output of outputs) {
    if (notKept.has(output.name) || (needsPooler.has(output.name) && !facts.workload.pooled)) continue
    for (const { name, content } of output.render(recommendation, { profile }))
      writeFileSync(join(folder, name), content)
  }
}
