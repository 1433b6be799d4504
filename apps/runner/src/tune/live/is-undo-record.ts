import type { UndoRecord } from './undo-record.ts'

/** A file may be cut off, edited by hand, or of a later version. */
export function isUndoRecord(value: unknown): value is UndoRecord {
  if (!isObject(value) || value.format !== 1 || typeof value.at !== 'string') return false
  const { state, server, changes, file } = value
  return (
    ['begun', 'done', 'undone', 'rolled back'].includes(state as string) &&
    isObject(server) &&
    [server.system, server.dataDirectory, server.address].every((each) => typeof each === 'string') &&
    Array.isArray(changes) &&
    changes.every(
      (each) => isObject(each) && typeof each.name === 'string' && isText(each.before) && isText(each.after),
    ) &&
    (file === undefined ||
      (isObject(file) && typeof file.path === 'string' && isText(file.before) && typeof file.after === 'string'))
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** null: it was not there. */
function isText(value: unknown): boolean {
  return value === null || typeof value === 'string'
}
