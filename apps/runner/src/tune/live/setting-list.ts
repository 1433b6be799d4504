/** Settings whose items PostgreSQL quotes one by one (GUC_LIST_QUOTE), the same list as in pg_dump: as one text they would be one item. */
const lists: ReadonlySet<string> = new Set([
  'local_preload_libraries',
  'search_path',
  'session_preload_libraries',
  'shared_preload_libraries',
  'temp_tablespaces',
  'unix_socket_directories',
])

export function isList(name: string): boolean {
  return lists.has(name)
}

/** `a, "b,c"` → a and b,c. */
export function listItems(text: string): string[] {
  const items: string[] = []
  for (const [, quoted, plain] of text.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,"]*))\s*(?:,|$)/g)) {
    if (quoted !== undefined) items.push(quoted.replaceAll('""', '"'))
    else if (plain?.trim()) items.push(plain.trim())
  }
  return items
}
