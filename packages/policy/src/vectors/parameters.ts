import type { ServerFacts } from '../facts/server-facts.ts'
import type { IndexChoice } from './choose-index.ts'
import { listsFor } from './ivfflat-memory.ts'
import { lacksIterativeScan } from './pgvector-faults.ts'
import type { VectorAdvice } from './vector-advice.ts'

type Parameter = VectorAdvice['parameters'][number]

/** pgvector's defaults, and the store's. */
export const graphNeighbours = 16
const graphCandidates = 64

/** @param largest rows of the largest partition; undefined: unknown */
export function indexParameters(
  facts: ServerFacts,
  { index, indexedType }: Pick<IndexChoice, 'index' | 'indexedType'>,
  largest: number | undefined,
): Parameter[] {
  if (index === 'exact') return []
  return index === 'ivfflat'
    ? ivfflat(facts, largest ?? 100_000)
    : hnsw(facts, indexedType === 'bit' && facts.workload.embeddingType !== 'bit')
}

function hnsw({ pgvector, workload }: ServerFacts, requantised: boolean): Parameter[] {
  const ef = requantised ? 400 : searchCandidates(workload.partitions)
  return [
    {
      name: 'm',
      value: graphNeighbours,
      reason: `pgvector's default. 32 would take ${32 * 16} bytes a row more to build; raise it when the recall you measure stays low at ef_search 400.`,
    },
    {
      name: 'ef_construction',
      value: Math.max(graphCandidates, 2 * graphNeighbours),
      reason: `pgvector's default; it has to be twice m, ${2 * graphNeighbours}, at least.`,
    },
    {
      name: 'hnsw.ef_search',
      value: ef,
      reason: requantised
        ? 'Bits pick candidates, the embeddings rank them: forty for each of the ten wanted. A start, not measured: measure your recall.'
        : searchReason(workload.partitions),
    },
    ...(lacksIterativeScan(pgvector) ? [] : iterative('hnsw')),
    ...(lacksIterativeScan(pgvector)
      ? []
      : [
          {
            name: 'hnsw.max_scan_tuples',
            value: 20_000,
            reason: "pgvector's default: it ends the search for a filter that hardly any row passes after about 33 ms.",
          },
          {
            name: 'hnsw.scan_mem_multiplier',
            value: 2,
            reason:
              'An iterative scan holds its visited rows in work_mem times this, one by default, and stops when that is full.',
          },
        ]),
  ]
}

/** Measured on 207,530 rows of 768 dimensions: candidates that reach a recall of .95. */
function searchCandidates(partitions: number): number {
  if (partitions < 4) return 300
  return partitions < 8 ? 120 : 100
}

function searchReason(partitions: number): string {
  if (partitions < 4) return 'One graph of all projects reached a recall of .95 with 300 candidates.'
  if (partitions < 8) return 'Four graphs reached a recall of .95 with 120 candidates each.'
  return 'A project in one of 8 or 16 graphs is found with a recall of .95 to .97 in 2 ms; for all projects 60 would do. The default, 40, gave .915.'
}

function iterative(index: 'hnsw' | 'ivfflat'): Parameter[] {
  const filter =
    'Without it a filter on project or type is applied to the candidates only: 4.4 of 10 rows were returned.'
  return [
    {
      name: `${index}.iterative_scan`,
      value: 'relaxed_order',
      reason: `${filter} Sort again by distance afterwards.`,
    },
  ]
}

function ivfflat({ pgvector }: ServerFacts, rows: number): Parameter[] {
  const lists = listsFor(rows)
  const rule =
    rows <= 1_000_000
      ? `${rows} rows of the largest partition / 1000`
      : `the square root of ${rows} rows of the largest partition`
  return [
    { name: 'lists', value: lists, reason: `${rule}. More lists make searches faster and miss more per probe.` },
    {
      name: 'ivfflat.probes',
      value: Math.ceil(Math.sqrt(lists)),
      reason: `The square root of ${lists} lists. The default, 1, gave a recall of .22 to .39.`,
    },
    ...(lacksIterativeScan(pgvector) ? [] : iterative('ivfflat')),
  ]
}
