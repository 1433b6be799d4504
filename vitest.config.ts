import { defineConfig } from 'vitest/config'

/** Packages are tested as they stand in src/, so that a fresh clone needs no build. */
const conditions = ['athena-src', 'module', 'node']

// A spec's name says where it runs: `x.test.ts` needs no database, `x.engine.test.ts` runs on the embedded database and on
// every server, `x.server.test.ts` is about several connections and runs on servers only.
export default defineConfig({
  // Specs are resolved in vite's environment `ssr`, global setups in vitest's own.
  ssr: { resolve: { conditions } },
  environments: { __vitest__: { resolve: { conditions } } },
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // vitest leaves one core to itself; these specs mostly wait for a database.
    maxWorkers: '100%',
    reporters:
      process.env.CI === undefined
        ? ['default']
        : ['default', ['json', { outputFile: process.env.ATHENA_TEST_REPORT ?? 'node_modules/.vitest-report.json' }]],
    projects: [
      {
        extends: true,
        test: {
          name: 'embedded',
          include: ['{packages,apps}/*/test/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['**/*.server.test.ts', 'test/publish/**', '**/node_modules/**'],
          globalSetup: 'test/embedded-template.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'server',
          include: ['{packages,apps}/*/test/**/*.{engine,server}.test.ts'],
          exclude: ['**/node_modules/**'],
          globalSetup: 'test/servers.ts',
        },
      },
    ],
  },
})
