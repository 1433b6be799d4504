import type pg from 'pg'
import type { StoreFacts } from '../store/store-facts.ts'
import { formatOf, type RememberFlags, withFlags } from './flags.ts'
import type { InputFault, Memory } from './memory.ts'
import { readMemories } from './read-memories.ts'
import { storeMemories } from './store-memories.ts'

/** What every file of one `athena remember` is stored with. */
export interface Storing {
  client: pg.Client
  facts: StoreFacts
  projectId: string
  flags: RememberFlags
  /** Grows; once there is one, the rest is only checked. */
  faults: InputFault[]
  progress(file: string, read: number): void
}

/** Memories in one statement: few enough to see it going on, many enough for the round trips not to count. */
const batchSize = 500
/** Characters in one statement: the embedded database has a memory of 32 bits. */
const batchLength = 4_000_000
/** Enough to see what is wrong with a file. */
export const faultLimit = 20

/** @throws AthenaError file_unreadable, file_not_text */
export async function storeFile(file: string, storing: Storing): Promise<{ remembered: number; known: number }> {
  const { client, facts, projectId, flags, faults, progress } = storing
  let remembered = 0
  let read = 0
  let batch: Memory[] = []
  let length = 0
  const store = async (): Promise<void> => {
    if (faults.length === 0) remembered += await storeMemories(client, facts, projectId, batch)
    batch = []
    length = 0
    progress(file, read)
  }
  for await (const one of readMemories(file, formatOf(flags), facts.dimensions)) {
    if ('content' in one) {
      batch.push(withFlags(one, flags))
      length += one.content.length
    } else faults.push(one)
    read++
    if (faults.length > faultLimit) break
    if (batch.length === batchSize || length > batchLength) await store()
  }
  await store()
  return { remembered, known: read - remembered }
}
