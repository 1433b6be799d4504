import { bareBinaries } from '../../test/postgres-binaries.ts'
import { startRichBinaries } from '../../test/rich-binaries.ts'
import { contrib } from './extension-entries.ts'
import { readSettings, type SettingRow } from './read-settings.ts'

export interface ReadSettings {
  version: number
  rows: readonly SettingRow[]
}

/** pg_settings of every bare build there is, oldest version first. */
export async function readBare(): Promise<ReadSettings[]> {
  const read: ReadSettings[] = []
  for (const binary of bareBinaries()) read.push({ version: binary.version, rows: await readSettings(binary, contrib) })
  return read
}

/** The same of Debian's builds, with pgvector. Needs Docker. */
export async function readRich(): Promise<ReadSettings[]> {
  const { binaries, stop } = startRichBinaries()
  try {
    const read: ReadSettings[] = []
    for (const binary of binaries)
      read.push({ version: binary.version, rows: await readSettings(binary, ['vector', ...contrib]) })
    return read
  } finally {
    stop()
  }
}
