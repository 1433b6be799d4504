import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder, writeFiles } from '../../../../test/packages.ts'
import { findBinaries } from '../../src/prove/find-binaries.ts'

const named = (folder: string) => findBinaries({ env: {}, cwd: folder, named: ['.'] })

test('a postgres that cannot be run says why: a library that it lacks, no right to it', async () => {
  const folder = temporaryFolder()
  chmodSync(folder, 0o755)
  writeFiles(folder, {
    postgres: '#!/bin/sh\necho "postgres: libicu.so.60: cannot open shared object file" >&2\nexit 127\n',
  })
  await expect(named(folder)).rejects.toMatchObject({
    code: 'no_postgres_binary',
    detail: expect.stringMatching(/EACCES/),
  })
  chmodSync(join(folder, 'postgres'), 0o755)
  const detail = 'postgres: libicu.so.60: cannot open shared object file'
  await expect(named(folder)).rejects.toMatchObject({ code: 'no_postgres_binary', detail })
})
