import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { temporaryFolder } from '../../../test/packages.ts'
import { athena } from './athena.ts'
import { inProcess } from './in-process.ts'

onEachEngine('athena tune diff and apply', (engine) => {
  const db = freshDatabase(engine)

  test.runIf(engine.kind === 'embedded').each([['diff'], ['apply'], ['apply', '--rollback']])(
    'refuse the embedded database plainly: %s %s',
    async (...words) => {
      const outcome = await inProcess(['tune', ...words.filter(Boolean)], temporaryFolder(), db().database)
      expect(outcome.status).toBe(1)
      expect(JSON.parse(outcome.stdout)).toMatchObject({ error: { code: 'embedded_not_tunable' } })
    },
  )

  test.runIf(engine.kind === 'embedded')('and do not make one only to refuse it', async () => {
    const cwd = temporaryFolder()
    expect((await athena(['tune', 'diff'], { cwd })).stderr).toContain('(embedded_not_tunable)')
    expect(readdirSync(cwd)).toEqual([])
  })

  test.each([['--overwrite'], ['--record', 'x'], ['--rollback', '--only', 'jit'], ['--rollback', '--reload-only']])(
    'flags that do not go together are refused: %s %s',
    async (...flags) => {
      const outcome = await inProcess(['tune', 'apply', ...flags.filter(Boolean)], temporaryFolder(), db().database)
      expect(outcome.status).toBe(2)
      expect(JSON.parse(outcome.stdout)).toMatchObject({ error: { code: 'malformed_flag' } })
    },
  )
})
