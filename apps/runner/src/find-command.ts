import { existsSync, readdirSync } from 'node:fs'
import { extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Command } from './command.ts'

const folder = join(import.meta.dirname, 'commands')
/** `.ts` in the sources, `.js` when built. */
const extension = extname(import.meta.filename)

/** @returns how many of the words name a command, 0 where none does: `migrate up now` → 2 */
export function commandLength(words: readonly string[]): number {
  for (let length = Math.min(words.length, 2); length > 0; length--) {
    const name = words.slice(0, length)
    if (name.every((word) => /^[a-z]+$/.test(word)) && existsSync(fileOf(name))) return length
  }
  return 0
}

export async function loadCommand(words: readonly string[]): Promise<Command> {
  const { command } = (await import(pathToFileURL(fileOf(words)).href)) as { command: Command }
  return command
}

/** The words of every command, sorted: [['init'], ['migrate', 'down'], …]. */
export function allCommands(): string[][] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(extension) && !file.endsWith('.d.ts'))
    .map((file) => file.slice(0, -extension.length).split('-'))
    .sort((a, b) => (a.join(' ') < b.join(' ') ? -1 : 1))
}

function fileOf(words: readonly string[]): string {
  return join(folder, `${words.join('-')}${extension}`)
}
