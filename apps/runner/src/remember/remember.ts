import { AthenaError } from '@athena-pg/database'
import type pg from 'pg'
import type { Context } from '../context.ts'
import { findOrCreateProject, type Project } from '../projects.ts'
import { type StoreFacts, storeFacts } from '../store-facts.ts'
import type { InputFault, Memory } from './memory.ts'
import { parseMemory } from './parse-memory.ts'
import { type Format, readMemories } from './read-memories.ts'
import { storeMemories } from './store-memories.ts'

export interface Remembered {
  project: Project
  files: { file: string; remembered: number; known: number }[]
}

interface Flags {
  project: string
  type?: string | undefined
  domain?: string | undefined
  tag?: readonly string[] | undefined
  format?: string | undefined
  'dry-run'?: boolean | undefined
}

/** Memories in one statement: few enough for a person to see it going on, many enough for the round trips not to count. */
const batchSize = 500
const faultsShown = 20

/**
 * Stores all files in one transaction.
 * @throws AthenaError malformed_memory with every bad line; store_missing; malformed_flag
 */
export async function remember(
  context: Pick<Context, 'operands' | 'openDatabase'> & { options: Flags },
): Promise<Remembered> {
  const { operands, options } = context
  const format = formatOf(options.format)
  checkFlags(options)
  const database = await context.openDatabase()
  const client = await database.open('remember')
  try {
    const facts = await storeFacts(client)
    await client.query('BEGIN')
    const project = await findOrCreateProject(client, options.project)
    const files: Remembered['files'] = []
    const faults: InputFault[] = []
    for (const file of operands) {
      files.push({ file, ...(await storeFile(client, facts, project, file, format, options, faults)) })
    }
    if (faults.length > 0) throw malformedMemories(faults)
    await client.query(options['dry-run'] ? 'ROLLBACK' : 'COMMIT')
    return { project, files }
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  } finally {
    await client.end()
  }
}

async function storeFile(
  client: pg.Client,
  facts: StoreFacts,
  project: Project,
  file: string,
  format: Format | undefined,
  flags: Flags,
  faults: InputFault[],
): Promise<{ remembered: number; known: number }> {
  let remembered = 0
  let read = 0
  let batch: Memory[] = []
  const store = async (): Promise<void> => {
    // After the first fault the rest is only checked: nothing will be stored.
    if (batch.length > 0 && faults.length === 0) remembered += await storeMemories(client, facts, project.id, batch)
    batch = []
  }
  for await (const one of readMemories(file, format, facts.dimensions)) {
    if ('line' in one) faults.push(one)
    else batch.push(withFlags(one, flags))
    read++
    if (faults.length > faultsShown) break
    if (batch.length === batchSize) await store()
  }
  await store()
  return { remembered, known: read - remembered }
}

function withFlags(memory: Memory, { type, domain, tag }: Flags): Memory {
  return {
    ...(type !== undefined && { memory_type: type }),
    ...(domain !== undefined && { domain }),
    ...memory,
    ...(tag && { tags: [...new Set([...(memory.tags ?? []), ...tag])] }),
  }
}

/** The flags go through the same checks as the fields of a line. */
function checkFlags({ type, domain, tag }: Flags): void {
  const problem = parseMemory(JSON.stringify({ content: 'x', memory_type: type, domain, tags: tag }), 0)
  if (typeof problem !== 'string') return
  const message = problem.replace('"memory_type"', '--type').replace('"domain"', '--domain').replace('"tags"', '--tag')
  throw new AthenaError({ code: 'malformed_flag', message, hint: 'For example --type procedure --tag ops', exit: 2 })
}

function formatOf(given: string | undefined): Format | undefined {
  if (given === undefined || given === 'text' || given === 'jsonl') return given
  throw new AthenaError({
    code: 'malformed_flag',
    message: `--format ${given} is not known`,
    hint: 'Use --format text or --format jsonl',
    exit: 2,
  })
}

function malformedMemories(faults: readonly InputFault[]): AthenaError {
  const shown = faults.slice(0, faultsShown).map(({ file, line, text }) => `${file}:${line}: ${text}`)
  return new AthenaError({
    code: 'malformed_memory',
    message:
      faults.length === 1
        ? 'a memory cannot be stored'
        : `${faults.length > faultsShown ? `more than ${faultsShown}` : faults.length} memories cannot be stored`,
    detail: [...shown, ...(faults.length > faultsShown ? ['…'] : [])].join('\n'),
    hint: 'Correct these lines and run the command again. Nothing was stored.',
  })
}
