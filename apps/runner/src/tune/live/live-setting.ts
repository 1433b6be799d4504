/** A row of pg_settings, as the session that asked sees it. */
export interface LiveSetting {
  readonly name: string
  /** A number is in `unit`s. */
  readonly setting: string
  readonly unit: string | null
  readonly type: 'bool' | 'integer' | 'real' | 'string' | 'enum'
  readonly context: string
  readonly source: string
  /** null: not from a file, or not for this role to see. */
  readonly file: string | null
  readonly line: number | null
  readonly pendingRestart: boolean
  /** PostgreSQL's own default. */
  readonly boot: string | null
  /** Of an enum. */
  readonly values: readonly string[] | null
}

/** A row of pg_file_settings: what the files say at this moment, whether or not the server has read them. */
export interface FileSetting {
  /** Empty where the entry was taken out, and only a restart brings that into effect. */
  readonly file: string
  readonly line: number
  readonly name: string
  readonly setting: string
  readonly applied: boolean
  readonly error: string | null
}

/** ALTER ROLE and ALTER DATABASE SET: they beat every file, for some sessions. */
export interface SessionSetting {
  readonly name: string
  readonly setting: string
  /** `ALTER ROLE app`, `ALTER DATABASE shop`, `ALTER ROLE app IN DATABASE shop`. */
  readonly by: string
}

/** All that a server says of its settings. Names are in lower case. */
export interface LiveSettings {
  readonly settings: ReadonlyMap<string, LiveSetting>
  /** undefined: not for this role to see. */
  readonly files: readonly FileSetting[] | undefined
  readonly sessions: readonly SessionSetting[]
  /** What could not be read, and what that means. */
  readonly notes: readonly string[]
}

export function isAutoConf(file: string): boolean {
  return file.endsWith('/postgresql.auto.conf')
}

/** What ALTER SYSTEM has set: of a name that is there twice, the last. */
export function autoConf(files: readonly FileSetting[]): Map<string, string> {
  return new Map(files.filter(({ file }) => isAutoConf(file)).map(({ name, setting }) => [name, setting]))
}

/** The entry of the files that would count after a reload. */
export function lastEntry(files: readonly FileSetting[], name: string): FileSetting | undefined {
  return files.findLast((each) => each.name === name)
}

/** Lines because of which the server takes no change at all. What only waits for a restart has an error too, and is none. */
export function faultsIn({ files = [], settings }: Pick<LiveSettings, 'files' | 'settings'>): FileSetting[] {
  return files.filter(
    ({ file, name, error }) => file !== '' && error !== null && settings.get(name)?.pendingRestart !== true,
  )
}
