import type { EmbeddedHolder } from '@athena-pg/database/embedded-holder'
import type { LockSession } from '@athena-pg/migrator/unlock'
import { closed, count, described, type JsonSchema, listOf, orNull, text, textOrNull } from '../json-shapes.ts'

/** JSON Schema of what it prints with --json. */
export const unlockOutput: JsonSchema = closed({
  holders: described(
    listOf(
      closed(
        {
          lock: { enum: ['runner', 'work', 'folder'] },
          pid: count,
          application: text,
          user: text,
          client: textOrNull,
          age: described(count, 'Seconds since it connected'),
          state: textOrNull,
          stateAge: described(orNull(count), 'Seconds since it is in that state'),
          query: text,
          waitsFor: listOf(count),
          progress: orNull(closed({ phase: text, done: orNull({ type: 'number' }) })),
          host: text,
          since: text,
          file: text,
        },
        [
          'application',
          'user',
          'client',
          'age',
          'state',
          'stateAge',
          'query',
          'waitsFor',
          'progress',
          'host',
          'since',
          'file',
        ],
      ),
    ),
    'Sessions of a server; of an embedded database the process (`lock` is "folder").',
  ),
  ended: described(listOf(count), 'Process ids of the sessions that were ended'),
})

export function holderLines(holder: LockSession): string[] {
  const { lock, pid, application, user, client, age, state, stateAge, query, waitsFor, progress } = holder
  const from = client === null ? '' : ` from ${client}`
  const since = state === null ? 'what it does is hidden from this role' : `${state} for ${duration(stateAge ?? 0)}`
  const verb = state === 'active' ? 'runs' : 'ran last'
  const done = progress?.done === null || progress?.done === undefined ? '' : `, ${Math.round(progress.done * 100)} %`
  return [
    `${lock.padEnd(6)} pid ${pid} (${application || 'unnamed application'}) of ${user}${from}, connected ${duration(age)} ago, ${since}`,
    ...(state === null || query === '' ? [] : [`       ${verb}: ${query.replaceAll(/\s+/g, ' ').slice(0, 160)}`]),
    ...(progress === null ? [] : [`       index: ${progress.phase}${done}`]),
    ...(waitsFor.length === 0 ? [] : [`       waits for pid ${waitsFor.join(', ')}`]),
  ]
}

export function folderHolder({ pid, host, since, state, file }: EmbeddedHolder): object {
  return { lock: 'folder', pid, host, since, state, file }
}

export function folderLines({ pid, host, since, state, file }: EmbeddedHolder, folder: string): string[] {
  const holds = `process ${pid} on ${host} holds ${folder} since ${since}`
  if (state === 'dead') return [`${holds}, and is gone; the next command takes its place by itself`]
  if (state === 'alive') return [`${holds}, and is alive`, `  to end it, when you are sure: kill ${pid}`]
  return [
    `${holds}; that is another machine or container, so it cannot be seen from here whether it is alive`,
    `  if it is surely gone: rm ${file}`,
  ]
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`
}
