import { defineCommand } from '../command.ts'
import { explainOutput } from '../tune/explain-output.ts'
import { factDetails, factOptions } from '../tune/options.ts'

export const command = defineCommand({
  summary: 'Say why a setting has its value, or is left alone',
  operands: 'SETTING',
  details: factDetails,
  examples: ['athena tune explain work_mem --profile medium', 'athena tune explain io_method --detect --json'],
  options: factOptions,
  output: explainOutput,
  async run(context) {
    const { runExplain } = await import('../tune/run-explain.ts')
    return runExplain(context)
  },
})
