import { defineCommand } from '../command.ts'
import { factDetails, factOptions, outputOptions } from '../tune/options.ts'
import { tuneOutput } from '../tune/tune-output.ts'

export const command = defineCommand({
  summary: 'Print the PostgreSQL settings for a server, with the reason of each, within its memory',
  details: factDetails,
  examples: [
    'athena tune --memory 16GB --cpus 8 --storage ssd --postgres 17 > postgresql.conf',
    'athena tune --profile medium --output alter-system',
    'athena tune --detect --rows 2M --write ./conf',
    'athena tune explain work_mem --profile medium',
  ],
  options: {
    ...factOptions,
    ...outputOptions,
  },
  output: tuneOutput,
  async run(context) {
    const { runTune } = await import('../tune/run-tune.ts')
    return runTune(context)
  },
})
