import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// Apart from the other specs: these build, publish and install, and need a registry of packages that answers.
const conditions = ['athena-src', 'module', 'node']

export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  ssr: { resolve: { conditions } },
  environments: { __vitest__: { resolve: { conditions } } },
  test: {
    name: 'publish',
    include: ['test/publish/*.test.ts'],
    globalSetup: 'test/publish/setup.ts',
    testTimeout: 300_000,
    hookTimeout: 300_000,
    reporters:
      process.env.CI === undefined
        ? ['verbose']
        : ['default', ['json', { outputFile: process.env.ATHENA_TEST_REPORT ?? 'node_modules/.vitest-publish.json' }]],
  },
})
