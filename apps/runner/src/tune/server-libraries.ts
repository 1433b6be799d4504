import type pg from 'pg'

/**
 * Libraries that shared_preload_libraries may name: those in the server's folder, where the user may look into it. Else those that are
 * loaded, and pg_stat_statements where its extension is available: every packager ships it with its library.
 */
export async function serverLibraries(client: pg.ClientBase, loaded: readonly string[]): Promise<string[]> {
  const files = await inFolder(client)
  if (files !== undefined) return files
  const { rows } = await client.query<{ name: string }>(
    "SELECT name FROM pg_catalog.pg_available_extensions WHERE name = 'pg_stat_statements'",
  )
  return [...new Set([...loaded, ...rows.map(({ name }) => name)])]
}

/** Only those that a rule of the policy may want; a server has a hundred others, most of which are no good to preload. */
const wanted = ['pg_stat_statements', 'auto_explain', 'pg_prewarm', 'vector']

async function inFolder(client: pg.ClientBase): Promise<string[] | undefined> {
  try {
    const { rows } = await client.query<{ name: string }>(
      "SELECT pg_ls_dir(setting) AS name FROM pg_catalog.pg_config WHERE name = 'PKGLIBDIR'",
    )
    const names = new Set(rows.map(({ name }) => name.replace(/\.(so|dylib|dll)$/, '')))
    return names.size === 0 ? undefined : wanted.filter((name) => names.has(name))
  } catch {
    return undefined
  }
}
