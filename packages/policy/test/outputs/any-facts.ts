import { type Recommendation, recommend } from '@athena-pg/policy'
import fc from 'fast-check'
import { machines, tried } from '../../../../test/random-machine.ts'
import { machine } from '../machine.ts'

/** What somebody may name a file: with blanks, quotes, backslashes and letters of any language. */
const path = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).map((each) => `/etc/tls/${each}`)

/** Recommendations for random machines that are large enough for what is asked of them; some with strange names of files. */
export const anyRecommendation: fc.Arbitrary<Recommendation> = fc
  .tuple(machines, fc.option(path))
  .map(([facts, file]) => tried(file === null ? facts : { ...facts, tls: { certificate: file, key: `${file}.key` } }))
  .filter((each) => each !== undefined)

/** A middling server, `changes` on top. */
export function recommended(changes: Parameters<typeof machine>[0] = {}): Recommendation {
  return recommend(machine(changes))
}

/** Behind PgBouncer. */
export const pooled = { workload: { connections: 100, active: 40, pooled: true, processes: 4 } } as const
