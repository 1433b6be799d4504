import { defineCommand } from '../command.ts'
import { diffOutput } from '../tune/live/diff-output.ts'
import { liveFactDetails, liveFactOptions } from '../tune/live/live-fact-options.ts'

export const command = defineCommand({
  summary: 'Compare the settings of a live server with what is recommended for it, and change nothing',
  details: `Current value and where it comes from, recommended value, and whether a reload, a restart or a new session brings it into effect; then the worst case of memory before and after. Values are compared by what they mean: 1GB is 1024MB. Any role may ask, as far as the server lets it read; standbys too. Exits 1 where something differs.
${liveFactDetails}`,
  examples: [
    'athena tune diff --database-url postgres://postgres@db.example.com/app --memory 16GB --cpus 8 --storage ssd',
    'athena tune diff --json | jq -r ".differences[].name"',
  ],
  options: liveFactOptions,
  output: diffOutput,
  async run(context) {
    const { runDiff } = await import('../tune/live/run-diff.ts')
    return runDiff(context)
  },
})
