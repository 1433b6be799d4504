import type pg from 'pg'
import { catalogueRows, textOf } from './catalogue.ts'
import { objectsOf } from './catalogue-objects.ts'
import type { Objects } from './compare-objects.ts'
import { schemasOf } from './schemas.ts'

/** All that migrations may have made, wherever it lives. */
export interface Snapshot {
  text: string
  objects: Objects
}

/** A schema that is shared is no object of the snapshot, though what else is in it is. */
export async function snapshot(client: pg.ClientBase): Promise<Snapshot> {
  const schemas = await schemasOf(client)
  const shared = schemas.filter(({ isShared }) => isShared).map(({ quoted }) => quoted)
  const rows = await catalogueRows(
    client,
    schemas.map(({ name }) => name),
  )
  const kept = rows.filter(({ rank, name }) => rank !== 10 || !shared.includes(name))
  return { text: textOf(kept), objects: objectsOf(kept) }
}
