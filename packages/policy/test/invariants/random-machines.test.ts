import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { machines, seed, tried } from '../../../../test/random-machine.ts'
import type { CatalogueEntry } from '../../src/catalogue/catalogue-entry.ts'
import { entryOf } from '../../src/catalogue/entry-of.ts'
import { unitOf } from '../../src/catalogue/setting-values.ts'
import type { Capabilities, ServerFacts } from '../../src/facts/server-facts.ts'
import { recommendationViolations } from '../../src/invariants/recommendation-invariants.ts'
import { standbyViolations } from '../../src/invariants/standby-invariants.ts'
import { outputs } from '../../src/outputs/index.ts'
import { PolicyError } from '../../src/policy-error.ts'
import { recommend } from '../../src/recommend.ts'
import type { Recommendation, Setting } from '../../src/recommendation.ts'

// Half a minute of one core, which others may be using.
vi.setConfig({ testTimeout: 300_000 })
console.log(`random machines of ATHENA_SEED=${seed}`)

function forMachines(count: number, check: (facts: ServerFacts) => void): void {
  fc.assert(fc.property(machines, check), { numRuns: count, seed })
}

function faultsOf(recommendation: Recommendation): string[] {
  const { facts, settings } = recommendation
  const names = settings.map(({ name }) => name)
  return [
    ...settings.flatMap((setting) => faultOf(setting, facts) ?? []),
    ...names.filter((name, at) => names.indexOf(name) !== at).map((name) => `${name} is set twice`),
    ...settings
      .filter(({ reason }) => reason === '' || garbled.test(reason))
      .map(({ name }) => `${name} has no reason`),
    ...recommendationViolations(recommendation).map(({ code, message }) => `${code}: ${message}`),
  ]
}

/** What pg_settings would have against a value. */
function faultOf({ name, value, amount }: Setting, { postgres }: ServerFacts): string | undefined {
  const entry = entryOf(postgres.version, name)
  if (entry === undefined) return `${name} is not in PostgreSQL ${postgres.version}`
  switch (entry.type) {
    case 'bool':
      return typeof amount === 'boolean' ? undefined : `${name} ${value} is not a boolean`
    case 'enum':
      return acceptedBy(entry, postgres.capabilities).includes(value) ? undefined : `${name} cannot be ${value}`
    case 'string':
      return typeof amount === 'string' && !/[\n\r\0]/.test(amount) ? undefined : `${name} ${value} is not text`
    default:
      return numberFault(entry, amount)
  }
}

function numberFault(entry: CatalogueEntry, amount: unknown): string | undefined {
  const { name, type, min = -Infinity, max = Infinity } = entry
  if (typeof amount !== 'number' || !Number.isFinite(amount)) return `${name} ${amount} is not a number`
  // 0 and -1 mean something else than their number of units.
  const units = amount <= 0 ? amount : amount / unitOf(entry)
  if (units < min || units > max) return `${name} ${units} is not from ${min} to ${max}`
  return type === 'integer' && !Number.isInteger(units)
    ? `${name} ${amount} is not whole ${entry.unit ?? 'numbers'}`
    : undefined
}

/** What every build accepts, and what this one was told to accept beside. */
function acceptedBy({ name, values = [] }: CatalogueEntry, capabilities: Capabilities): readonly string[] {
  const own: Record<string, readonly string[]> = {
    wal_compression: capabilities.walCompression,
    default_toast_compression: capabilities.toastCompression,
    io_method: capabilities.ioMethod,
  }
  return [...values, ...(own[name] ?? [])]
}

test('every setting of 20,000 random machines exists in its version, with its type, in its range, as its build accepts it; no rule between settings, pools, vectors and memory is broken', () => {
  let accepted = 0
  forMachines(20_000, (facts) => {
    const recommendation = tried(facts)
    if (recommendation === undefined) return
    accepted++
    // No `expect` for each of them, which would take longer than what it looks at.
    const faults = faultsOf(recommendation)
    if (faults.length > 0) throw new Error(faults.join('\n'))
  })
  // With fewer the others would not stand for what users have.
  expect(accepted).toBeGreaterThan(12_000)
})

test('the same facts give the same recommendation, and every output renders it', () => {
  forMachines(2000, (facts) => {
    const recommendation = tried(facts)
    if (recommendation === undefined) return
    if (JSON.stringify(recommend(structuredClone(facts))) !== JSON.stringify(recommendation)) throw new Error('differs')
    for (const output of outputs) {
      if (output.name === 'pgbouncer.ini' && recommendation.pools.pooler === undefined) continue
      const files = output.render(recommendation, {})
      expect(files.length).toBeGreaterThan(0)
      expect(files.filter(({ content }) => content === '' || garbled.test(content))).toEqual([])
    }
  })
})

test('more memory never gives less shared_buffers, and is never refused where less was enough', () => {
  const more = fc.double({ min: 1, max: 8, noNaN: true })
  let pairs = 0
  const pair = fc.property(machines, more, (facts, factor) => {
    const less = tried(facts)
    // As many huge pages and as much of the disk as before; page tables of more memory are a reason to refuse.
    const larger = { ...facts, memory: Math.floor(facts.memory * factor), hugePages: true }
    const [few, many] = [facts.hugePages ? less : tried({ ...facts, hugePages: true }), tried(larger)]
    if (few === undefined) return
    pairs++
    expect(many).toBeDefined()
    expect(buffersOf(many)).toBeGreaterThanOrEqual(buffersOf(few))
  })
  fc.assert(pair, { numRuns: 4000, seed })
  expect(pairs).toBeGreaterThan(2000)
})

test('a machine is refused only where it is too small, and each change that is proposed is enough', () => {
  let refused = 0
  forMachines(3000, (facts) => {
    const error = refusalOf(facts)
    if (error === undefined) return
    refused++
    const proposals = proposed(facts, error)
    // The largest proposal there is: a machine that is refused for its memory has some way out.
    if (error.code === 'memory_too_small')
      expect(proposals.length, `${error.message}: ${error.hint}`).toBeGreaterThan(0)
    for (const proposal of proposals) expect(refusalOf(proposal)?.code).not.toBe(error.code)
  })
  expect(refused).toBeGreaterThan(100)
})

test('a standby with the facts of its primary has at least its limits', () => {
  forMachines(1000, (facts) => {
    const primary = tried({ ...facts, workload: { ...facts.workload, replicas: 3 } })
    const standby = tried({ ...facts, workload: { ...facts.workload, replicas: 3 }, storage: 'hdd' })
    if (primary && standby) expect(standbyViolations(primary, standby)).toEqual([])
  })
})

/** What a template string makes of a value that is not there. */
const garbled = /\b(NaN|undefined|Infinity|\[object Object\])\b/

function buffersOf(recommendation: Recommendation | undefined): number {
  return Number(recommendation?.settings.find(({ name }) => name === 'shared_buffers')?.amount)
}

function refusalOf(facts: ServerFacts): PolicyError | undefined {
  try {
    recommend(facts)
    return undefined
  } catch (error) {
    if (error instanceof PolicyError) return error
    throw error
  }
}

function proposed(facts: ServerFacts, { code, hint = '' }: PolicyError): ServerFacts[] {
  const { workload } = facts
  // This one names no numbers: any large enough will do.
  if (code === 'too_few_connections') {
    return [{ ...facts, memory: 64 * 2 ** 40, hugePages: true, workload: { ...workload, connections: 10_000 } }]
  }
  const [, active] = /--active (\d+)/.exec(hint) ?? []
  const [, connections] = /--connections (\d+)/.exec(hint) ?? []
  const [, size, unit] = /--memory (\d+)(GB|MB)/.exec(hint) ?? []
  const fewer = {
    ...workload,
    connections: Number(connections),
    active: Math.min(workload.active, Number(connections)),
  }
  return [
    ...(active === undefined ? [] : [{ ...facts, workload: { ...workload, active: Number(active) } }]),
    ...(connections === undefined ? [] : [{ ...facts, workload: fewer }]),
    ...(hint.includes('--huge-pages') ? [{ ...facts, hugePages: true }] : []),
    ...(size === undefined ? [] : [{ ...facts, memory: Number(size) * (unit === 'GB' ? 2 ** 30 : 2 ** 20) }]),
  ]
}
