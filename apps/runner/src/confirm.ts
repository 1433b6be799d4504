import { createInterface } from 'node:readline'
import { AthenaError } from '@athena-pg/database'

/** The flag that answers in advance. */
export const yesOption = {
  type: 'boolean',
  description: 'Do not ask: needed where there is no terminal to answer on',
} as const

/**
 * Asks on the terminal, unless --yes has answered, and returns only where the answer is yes.
 * @param question without a question mark: `take back 2 migrations`
 * @throws AthenaError `confirmation_needed` (exit 2) where nobody can be asked, `not_confirmed`
 */
export async function confirm(
  context: { options: { readonly yes: boolean | undefined }; isTerminal: boolean },
  question: string,
  input: NodeJS.ReadableStream = process.stdin,
  output: NodeJS.WritableStream = process.stderr,
): Promise<void> {
  if (context.options.yes) return
  if (!context.isTerminal) {
    throw new AthenaError({
      code: 'confirmation_needed',
      message: 'this asks before it changes anything, and there is no terminal to ask on',
      detail: `The question is: ${question}?`,
      hint: 'Look at it with --dry-run, then give --yes. Nothing was changed.',
      exit: 2,
    })
  }
  const terminal = createInterface({ input, output })
  // On a terminal readline takes Ctrl-C for itself.
  terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  terminal.setPrompt(`${question}? [y/N] `)
  terminal.prompt()
  const answer = await new Promise<string>((resolve) => {
    terminal.once('line', resolve).once('close', () => resolve(''))
  })
  terminal.close()
  if (/^y(es)?$/i.test(answer.trim())) return
  throw new AthenaError({ code: 'not_confirmed', message: 'the answer was not yes', hint: 'Nothing was changed.' })
}
