import { expect, test } from 'vitest'
import { usableConnections, usableOf } from '../../src/connections/usable-connections.ts'
import { versions } from '../../src/facts/choices.ts'
import { ask } from '../../src/settings/ask.ts'
import { rules } from '../../src/settings/index.ts'
import { machine } from '../machine.ts'

test.each(versions)('what is reckoned before there are settings is what the settings of %i leave', (version) => {
  for (const connections of [5, 20, 49, 50, 51, 100, 500]) {
    const facts = machine({ version, workload: { connections } })
    expect(usableOf(connections, version)).toBe(usableConnections(facts, ask(facts, rules).get))
  }
})
