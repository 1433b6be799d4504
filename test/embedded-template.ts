import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '@athena-pg/database'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of an embedded database that was just made: each spec opens a copy, which takes half a second, not five. */
    embeddedTemplate: string
  }
}

export default async function setup(project: TestProject): Promise<() => void> {
  const parent = mkdtempSync(join(tmpdir(), 'athena-template-'))
  const folder = join(parent, 'data')
  const database = await connect({ env: {}, folder })
  const client = await database.open('test template')
  await client.query('SELECT 1')
  await client.end()
  await database.close()
  project.provide('embeddedTemplate', folder)
  return () => rmSync(parent, { recursive: true, force: true })
}
