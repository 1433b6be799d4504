import { AthenaError } from '@athena-pg/database'
import type { Context } from '../context.ts'
import { findOrCreateProject, type Project } from '../store/projects.ts'
import { storeFacts } from '../store/store-facts.ts'
import { checkFlags, type RememberFlags } from './flags.ts'
import type { InputFault } from './memory.ts'
import { faultLimit, type Storing, storeFile } from './store-file.ts'

export interface Remembered {
  project: Project
  files: { file: string; remembered: number; known: number }[]
}

/**
 * Stores all files in one transaction.
 * @throws AthenaError malformed_memory with the bad lines; store_missing; malformed_flag
 */
export async function remember(
  context: Pick<Context, 'operands' | 'openDatabase'> & { options: RememberFlags },
  progress: Storing['progress'] = () => {},
): Promise<Remembered> {
  const { operands, options: flags } = context
  checkFlags(flags)
  const database = await context.openDatabase()
  const client = await database.open('remember')
  try {
    const facts = await storeFacts(client)
    await client.query('BEGIN')
    const project = await findOrCreateProject(client, flags.project)
    const storing: Storing = { client, facts, projectId: project.id, flags, faults: [], progress }
    const files: Remembered['files'] = []
    for (const file of operands) files.push({ file, ...(await storeFile(file, storing)) })
    if (storing.faults.length > 0) throw malformedMemories(storing.faults)
    await client.query(flags['dry-run'] ? 'ROLLBACK' : 'COMMIT')
    return { project, files }
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  } finally {
    await client.end()
  }
}

function malformedMemories(faults: readonly InputFault[]): AthenaError {
  const shown = faults.slice(0, faultLimit).map(({ file, line, text }) => `${file}:${line}: ${text}`)
  const more = faults.length > shown.length
  const count = more ? `more than ${faultLimit}` : String(faults.length)
  return new AthenaError({
    code: 'malformed_memory',
    message: faults.length === 1 ? 'a memory cannot be stored' : `${count} memories cannot be stored`,
    detail: [...shown, ...(more ? ['…'] : [])].join('\n'),
    hint: 'Correct these lines and run the command again. Nothing was stored.',
  })
}
