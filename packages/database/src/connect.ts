import type pg from 'pg'

/** A database that sessions can be opened on: a server, or the embedded database (one process at a time). */
export interface Database {
  readonly kind: 'embedded' | 'server'
  /** For people: `postgres@127.0.0.1:5432/app`, or the folder of the embedded database. Never a password. */
  readonly location: string
  /**
   * Opens one more session; the caller ends it.
   * On the embedded database every session is the same one: settings and locks are shared.
   * @param purpose goes into application_name as `athena <purpose>`
   */
  open(purpose: string): Promise<pg.Client>
  close(): Promise<void>
}
