import type { Context } from '../../context.ts'
import { diffAsJson } from './diff-output.ts'
import { systemIdentifier } from './identify-server.ts'
import type { liveFactOptions } from './live-fact-options.ts'
import { lookAtServer, openServer } from './look-at-server.ts'
import { diffLines, diffNotes, diffWarnings } from './show-diff.ts'
import { warnOfUnfinished } from './warn-of-unfinished.ts'
import { visible } from './visible.ts'

/** @returns 1 where something differs */
export async function runDiff(context: Context<typeof liveFactOptions>): Promise<number> {
  const { json, print, talk, project } = context
  const database = await openServer(context)
  const client = await database.open('tune diff')
  try {
    const look = await lookAtServer(context, client)
    if (json) print(JSON.stringify(diffAsJson(database.location, look)))
    else {
      for (const line of diffLines(look)) print(line)
      for (const line of diffWarnings(look)) talk(`warning: ${visible(line)}`)
      for (const line of diffNotes(look)) talk(`note: ${visible(line)}`)
    }
    warnOfUnfinished(talk, project, await systemIdentifier(client))
    const { differences } = look.comparison
    if (differences.length > 0) talk('next: athena tune apply --dry-run, with the same flags')
    return differences.length > 0 ? 1 : 0
  } finally {
    await client.end()
  }
}
