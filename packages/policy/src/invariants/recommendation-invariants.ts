import type { Recommendation } from '../recommendation.ts'
import { sizeText } from '../text/size-text.ts'
import { mostDimensions } from '../vectors/embedding-type.ts'
import { type Violation, violations } from './setting-invariants.ts'

/** Those of the settings, and of pools, memory and vectors beside them. */
export function recommendationViolations(recommendation: Recommendation): Violation[] {
  const { facts, settings } = recommendation
  return [
    ...violations(settings, facts),
    ...budgetViolations(recommendation),
    ...poolViolations(recommendation),
    ...vectorViolations(recommendation),
  ]
}

function budgetViolations({ memory: { limit, reserve, worstCase, parts } }: Recommendation): Violation[] {
  const sum = parts.reduce((total, { bytes }) => total + bytes, 0)
  const unsound = parts.filter(({ bytes }) => !(Number.isFinite(bytes) && bytes >= 0)).map(({ name }) => name)
  return [
    ...(worstCase > limit - reserve
      ? [
          {
            code: 'budget_exceeded',
            message: `at worst ${sizeText(worstCase)} of ${sizeText(limit)} less ${sizeText(reserve)}`,
            hint: 'Lower work_mem or max_connections.',
          },
        ]
      : []),
    ...(sum !== worstCase || unsound.length > 0
      ? [
          {
            code: 'budget_unsound',
            message: `the parts add up to ${sum}, not ${worstCase}`,
            hint: `Look at ${unsound}.`,
          },
        ]
      : []),
  ]
}

function poolViolations({ pools }: Recommendation): Violation[] {
  const { usable, direct, application, pooler } = pools
  const server =
    pooler === undefined
      ? application.processes * application.max
      : pooler.poolSize + pooler.reserve + pooler.sessionPoolSize
  const found: Violation[] = []
  if (server + direct > usable)
    found.push({
      code: 'pools_exceed_connections',
      message: `pools of ${server} connections and ${direct} beside them, and ${usable} are usable`,
      hint: 'Lower the pools or raise max_connections.',
    })
  if (pooler !== undefined && application.processes * application.max > pooler.clients)
    found.push({
      code: 'pools_exceed_clients',
      message: `${application.processes} x ${application.max} clients, and the pooler admits ${pooler.clients}`,
      hint: 'Raise max_client_conn.',
    })
  const sizes = [application.max, ...(pooler === undefined ? [] : [pooler.poolSize, pooler.sessionPoolSize])]
  if (application.min > application.max || (pooler && pooler.min > pooler.poolSize) || sizes.some((size) => size < 1))
    found.push({
      code: 'pool_sizes_impossible',
      message: `a pool from ${application.min} to ${application.max} connections`,
      hint: 'At least one connection, and no more at least than at most.',
    })
  return found
}

/** What pgvector accepts: its README and the ranges in its source. */
const ranges: Readonly<Record<string, readonly [number, number]>> = {
  m: [2, 100],
  ef_construction: [4, 1000],
  'hnsw.ef_search': [1, 1000],
  lists: [1, 32_768],
  'ivfflat.probes': [1, 32_768],
}

function vectorViolations({ facts, vectors }: Recommendation): Violation[] {
  const values = new Map(vectors.parameters.map(({ name, value }) => [name, Number(value)]))
  const found: Violation[] = []
  for (const [name, [least, most]] of Object.entries(ranges)) {
    const value = values.get(name)
    if (value === undefined || (value >= least && value <= most)) continue
    found.push({
      code: 'vector_parameter_out_of_range',
      message: `${name} ${value} is not from ${least} to ${most}`,
      hint: 'pgvector refuses it.',
    })
  }
  const { m, ef_construction: construction } = Object.fromEntries(values)
  if (m !== undefined && construction !== undefined && construction < 2 * m)
    found.push({
      code: 'ef_construction_too_small',
      message: `ef_construction ${construction} is less than twice m ${m}`,
      hint: 'pgvector refuses to build such an index.',
    })
  const { lists, 'ivfflat.probes': probes } = Object.fromEntries(values)
  if (lists !== undefined && probes !== undefined && probes > lists)
    found.push({
      code: 'probes_exceed_lists',
      message: `ivfflat.probes ${probes} of ${lists} lists`,
      hint: 'As many as there are lists is an exact search already.',
    })
  const { dimensions } = facts.workload
  if (vectors.index !== 'exact' && dimensions > mostDimensions[vectors.indexedType])
    found.push({
      code: 'too_many_dimensions',
      message: `an index on ${vectors.indexedType} of ${dimensions} dimensions`,
      hint: `pgvector indexes at most ${mostDimensions[vectors.indexedType]}.`,
    })
  return found
}
