import { join } from 'node:path'
import type { Database } from '@athena-pg/database'
import { vi } from 'vitest'
import { parseArguments } from '../src/command-line/parse-arguments.ts'
import { reportError } from '../src/command-line/report-error.ts'
import { findConfig } from '../src/config/find-config.ts'
import { type Context, createContext } from '../src/context.ts'
import { commandLength, loadCommand } from '../src/find-command.ts'
import type { Outcome } from './athena.ts'

/** Runs a command with --json in this process, on a database that is open: opening the embedded one takes seconds. */
export async function inProcess(args: readonly string[], cwd: string, database: Database): Promise<Outcome> {
  let stdout = ''
  const words = args.slice(0, commandLength(args.filter((arg) => !arg.startsWith('-'))))
  const command = await loadCommand(words)
  try {
    const given = await parseArguments(command, `athena ${words.join(' ')}`, [...args.slice(words.length), '--json'])
    const configFile = findConfig(given.options.config, cwd)
    const context: Context = {
      ...createContext(given),
      cwd,
      configFile,
      project: configFile === undefined ? cwd : join(configFile, '..'),
      isTerminal: false,
      print: (line) => {
        stdout += `${line}\n`
      },
      talk: () => {},
      // Looked at only where it is asked for: some specs give a database that must not be touched.
      get embeddedFolder() {
        return database.kind === 'embedded' ? database.location : undefined
      },
      openDatabase: async () => database,
    }
    return { status: (await command.run(context)) ?? 0, stdout, stderr: '' }
  } catch (error) {
    const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      stdout += text
      return true
    })
    try {
      return { status: reportError(error, true), stdout, stderr: '' }
    } finally {
      write.mockRestore()
    }
  }
}
