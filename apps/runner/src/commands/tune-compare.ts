import { defineCommand } from '../command.ts'
import { compareOutput } from '../tune/compare-output.ts'
import { factDetails, factOptions } from '../tune/options.ts'

export const command = defineCommand({
  summary: 'Set our values beside those of the guide, pgtune, timescaledb-tune and the defaults',
  details: `Their published formulas, for the same facts and the same connections; the worst case of all is added up in one way. Says what this build of PostgreSQL would refuse of their output.
${factDetails}`,
  examples: [
    'athena tune compare --memory 16GB --cpus 8 --postgres 17',
    'athena tune compare --profile small',
    'athena tune compare --memory 64GB --cpus 16 --workload web --connections 200 --json',
  ],
  options: factOptions,
  output: compareOutput,
  async run(context) {
    const { json, print, talk, colour } = context
    const { compareWith } = await import('@athena-pg/policy')
    const { readFacts } = await import('../tune/read-facts.ts')
    const { compareAnswer } = await import('../tune/compare-output.ts')
    const { compareLines } = await import('../tune/compare-lines.ts')
    const { facts, origins } = await readFacts(context)
    const comparison = compareWith(facts)
    if (json) {
      print(JSON.stringify(compareAnswer(comparison)))
      return
    }
    for (const line of compareLines(comparison, colour)) print(line)
    if (origins.build.startsWith('default'))
      talk('note: the build is not told, so the barest is taken: --build pgdg-docker, or --from-server, accepts more')
    talk('next: athena tune, with the same flags, prints ours with the reason of each')
    return undefined
  },
})
