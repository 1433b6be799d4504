import { valueText } from '../catalogue/setting-values.ts'
import { down } from '../rounding.ts'
import { comment } from '../text/comment.ts'
import { head } from '../text/head.ts'
import { sizeText } from '../text/size-text.ts'
import { kB } from '../units.ts'
import type { Output } from './output.ts'

export const indexBuild: Output = {
  name: 'index-build',
  summary: 'Settings of the session that builds the vector index',
  render(recommendation, options) {
    const { build, index, indexReason, parameters, size } = recommendation.vectors
    const lines = [
      ...head('Session that builds a vector index', recommendation, options, '--'),
      '--',
      ...say(`Index: ${index}. ${indexReason}`),
      ...parameters.flatMap(({ name, value, reason }) => say(`${name} = ${value}: ${reason}`)),
      ...(size === undefined ? [] : say(`On disk: ${size.reason}`)),
      '--',
      ...say(
        `In psql before CREATE INDEX or REINDEX INDEX CONCURRENTLY, in the same session; not through a pooler in transaction mode. It needs ${sizeText(build.sharedMemory)} in /dev/shm.`,
      ),
      '',
      ...say(build.reason),
      `SET maintenance_work_mem = '${valueText({ unit: 'kB' }, down(build.maintenanceWorkMem, kB))}';`,
      '',
      ...say(
        build.parallelWorkers === 0
          ? 'The session builds alone.'
          : 'They help the session, which builds as well, and share its memory.',
      ),
      `SET max_parallel_maintenance_workers = ${build.parallelWorkers};`,
      '',
      ...say('A build takes as long as it takes; a limit for applications, by role or database, must not end it.'),
      'SET statement_timeout = 0;',
      '',
      ...say('How far it is, from another session:'),
      '-- SELECT relid::regclass, phase, blocks_done, blocks_total, tuples_done FROM pg_stat_progress_create_index;',
    ]
    return [{ name: 'index-build.sql', content: `${lines.join('\n')}\n` }]
  },
}

function say(sentence: string): string[] {
  return comment(sentence, '--')
}
