import type { Storage } from '../facts/server-facts.ts'

// Measured for 768 dimensions, m 16, ef_construction 64 on one core of two: 30,000 rows in 16.9 s within memory; of the 12,300
// that did not fit 64 MB each took 2.3 ms. One worker beside the leader makes it 1.9 times faster.
const inMemory = 0.56
const spilled = 2.3
const perWorker = 0.9
/** Pages that inserting a row into the finished part reads when they are not in memory: about ef_construction and m times 2. */
const pagesRead = 100
const readTime: Readonly<Record<Storage, number>> = { nvme: 0.05, ssd: 0.1, network: 0.5, hdd: 8 }

export interface BuildWork {
  readonly rows: number
  /** Of them those that do not fit maintenance_work_mem. */
  readonly spilledRows: number
  readonly dimensions: number
  readonly workers: number
  /** Undefined: the whole index stays in the page cache. */
  readonly readsFrom?: Storage
}

/** Milliseconds; an estimate of an idle machine, right to a factor of two or so. */
export function buildTime({ rows, spilledRows, dimensions, workers, readsFrom }: BuildWork): number {
  const scale = Math.max(dimensions / 768, 0.25)
  const reading = readsFrom === undefined ? 0 : pagesRead * readTime[readsFrom]
  const work = (rows - spilledRows) * inMemory * scale + spilledRows * (spilled * scale + reading)
  return Math.round(work / (1 + perWorker * workers))
}
