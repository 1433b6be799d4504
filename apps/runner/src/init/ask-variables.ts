import { createInterface } from 'node:readline'
import { AthenaError } from '@athena-pg/database'
import { resolveVariables, type VariableDeclaration } from '@athena-pg/migrator'

/**
 * Asks for each variable on the terminal, until the answer is one that it can take; an empty answer is the default.
 * @throws AthenaError interrupted, when the input ends
 */
export async function askVariables(
  names: readonly string[],
  declarations: ReadonlyMap<string, VariableDeclaration>,
  input: NodeJS.ReadableStream = process.stdin,
  output: NodeJS.WritableStream = process.stderr,
): Promise<Record<string, string>> {
  const answers: Record<string, string> = {}
  const terminal = createInterface({ input, output })
  // On a terminal readline takes Ctrl-C for itself.
  terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  // Not `question`: it loses lines that come before it is asked, as pasted ones do.
  const lines = terminal[Symbol.asyncIterator]()
  try {
    for (const name of names) {
      const declaration = declarations.get(name)
      if (!declaration || declaration.type === 'derived') continue
      output.write(`\n${declaration.description ?? name}\n`)
      while (answers[name] === undefined) {
        const question = prompt(name, declaration)
        // readline writes its prompt again when the line is edited.
        terminal.setPrompt(question)
        output.write(question)
        const { done, value: line } = await lines.next()
        if (done) {
          output.write('\n')
          throw interrupted()
        }
        const given = { ...answers, [name]: line.trim() || String(declaration.default) }
        const problem = problemWith(declarations, given)
        if (problem === undefined) answers[name] = given[name] as string
        else output.write(`${problem}\n`)
      }
    }
  } finally {
    terminal.close()
  }
  return answers
}

function prompt(name: string, declaration: Exclude<VariableDeclaration, { type: 'derived' }>): string {
  const choices = declaration.type === 'enum' ? ` (${declaration.values.join(', ')})` : ''
  return `${name}${choices} [${declaration.default}]: `
}

function problemWith(
  declarations: ReadonlyMap<string, VariableDeclaration>,
  given: Record<string, string>,
): string | undefined {
  try {
    resolveVariables(declarations, { given, recorded: {} })
    return undefined
  } catch (error) {
    if (error instanceof AthenaError) return error.detail
    throw error
  }
}

function interrupted(): AthenaError {
  return new AthenaError({
    code: 'interrupted',
    message: 'the questions were not answered',
    hint: 'Nothing was written. athena init --help lists the flags that answer them.',
  })
}
