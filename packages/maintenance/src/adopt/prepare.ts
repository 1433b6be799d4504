import type { Origin, Sessions } from './adopt.ts'
import { sourceTables, storeTables, type Table } from './catalogues.ts'
import { type Progress, readProgress, refuseAnotherSource, refuseChangedMapping } from './ledger.ts'
import type { Mapping } from './mapping.ts'
import { checkMapping, type Resolved, resolve } from './resolve.ts'
import { suggest } from './suggest.ts'
import { refuseHopeless, type Survey, survey } from './survey.ts'

/** Everything that is known before the first row is written. */
export interface Prepared extends Resolved {
  mapping: Mapping
  progress: ReadonlyMap<string, Progress>
  survey: Survey
}

/**
 * Reads both catalogues, checks the mapping against them and counts. Writes nothing.
 * @param given without one, what `suggest` drafts
 * @param timeZone instead of the mapping's
 * @param retry whether a mapping that has changed since is meant
 * @throws AthenaError schema_missing, store_missing, malformed_mapping, source_unreadable, dimensions_differ, time_zone_missing,
 * time_zone_unknown, key_not_unique, adoption_of_another_source, adoption_of_another_store, mapping_changed
 */
export async function prepare(
  { source, target }: Sessions,
  origin: Origin,
  given: Mapping | undefined,
  timeZone: string | undefined,
  retry = false,
): Promise<Prepared> {
  if (given) checkMapping(given)
  const ours: Map<string, Table> = await storeTables(target)
  const theirs = await sourceTables(source, origin.schema)
  const drafted = given ?? checkMapping(suggest(theirs, origin.schema))
  const mapping = timeZone === undefined ? drafted : { ...drafted, timeZone }
  const resolved = resolve(mapping, theirs, ours)
  await refuseAnotherSource(target, origin)
  const progress = await readProgress(target)
  await refuseHopeless(source, origin.schema, resolved, { source: theirs, ours }, mapping.timeZone)
  if (!retry) refuseChangedMapping(resolved.units, progress)
  return { ...resolved, mapping, progress, survey: await survey(source, origin.schema, resolved.units, progress) }
}
