import { createInterface } from 'node:readline/promises'
import { AthenaError } from '@athena-pg/database'
import { resolveVariables, type VariableDeclaration } from '@athena-pg/migrator'

/**
 * Asks for each variable on the terminal, until the answer is one that it can take; an empty answer is the default.
 * @throws AthenaError interrupted, when the input ends
 */
export async function askVariables(
  names: readonly string[],
  declarations: ReadonlyMap<string, VariableDeclaration>,
  talk: (line: string) => void,
): Promise<Record<string, string>> {
  const answers: Record<string, string> = {}
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  // Without this an end of input (Ctrl-D) would leave the question waiting for ever, and the process end in silence.
  const ended = new Promise<never>((_, reject) => terminal.once('close', () => reject(interrupted())))
  try {
    for (const name of names) {
      const declaration = declarations.get(name)
      if (!declaration || declaration.type === 'derived') continue
      talk(`\n${declaration.description ?? name}`)
      while (answers[name] === undefined) {
        const answer = await Promise.race([terminal.question(prompt(name, declaration)), ended])
        const given = { ...answers, [name]: answer.trim() || String(declaration.default) }
        const problem = problemWith(declarations, given)
        if (problem === undefined) answers[name] = given[name] as string
        else talk(problem)
      }
    }
  } finally {
    ended.catch(() => {})
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
