import { wrapped } from '../show/wrapped.ts'
import { type Command, globalOptions, type Options } from '../command.ts'
import { allCommands, loadCommand } from '../find-command.ts'

/** `athena --help`, or, with words, the page of a group: `athena migrate --help`. */
export async function listPage(group: readonly string[] = []): Promise<string> {
  const commands = allCommands().filter((words) => group.every((word, index) => words[index] === word))
  const rows = await Promise.all(
    commands.map(async (words) => [words.join(' '), (await loadCommand(words)).summary] as const),
  )
  const name = ['athena', ...group].join(' ')
  return [
    ...(group.length === 0 ? ['Installs and uses an agent-memory store on PostgreSQL + pgvector.', ''] : []),
    `Usage: ${name} COMMAND [OPTIONS]`,
    '',
    'Commands:',
    ...table(rows),
    '',
    'Options of every command:',
    ...optionRows(group.length === 0 ? { ...globalOptions, ...versionOption } : globalOptions),
    '',
    `${name} COMMAND --help says more about one of them.`,
  ].join('\n')
}

const versionOption: Options = { version: { type: 'boolean', description: 'Print the version of athena' } }

/** `athena migrate up --help`. */
export function commandPage(words: readonly string[], command: Command): string {
  const usage = ['athena', ...words, command.operands, '[OPTIONS]'].filter(Boolean).join(' ')
  const own = Object.keys(command.options).length > 0
  return [
    command.summary,
    '',
    `Usage: ${usage}`,
    ...(command.details ? ['', ...wrapped(command.details, width)] : []),
    ...(own ? ['', 'Options:', ...optionRows(command.options)] : []),
    '',
    'Options of every command:',
    ...optionRows(globalOptions),
    ...(command.examples ? ['', 'Examples:', ...command.examples.map((line) => `  ${line}`)] : []),
  ].join('\n')
}

function optionRows(options: Options): string[] {
  const rows = Object.entries(options).map(
    ([name, { short, value, type, negatable, description, default: preset }]) => {
      const flag = `--${negatable ? '[no-]' : ''}${name}${type === 'string' ? ` ${value ?? 'VALUE'}` : ''}`
      const text = preset === undefined ? description : `${description} (${preset})`
      return [`${short ? `-${short}, ` : '    '}${flag}`, text] as const
    },
  )
  return table(rows)
}

/** Two columns, the second one wrapped. */
function table(rows: readonly (readonly [string, string])[]): string[] {
  const left = Math.max(24, ...rows.map(([name]) => name.length + 2))
  return rows.flatMap(([name, text]) =>
    wrapped(text, width - left - 2).map((line, index) => `  ${(index === 0 ? name : '').padEnd(left)}${line}`),
  )
}

/** Columns of a page, on a terminal and in the README alike. */
const width = 100
