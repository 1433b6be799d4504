import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { AthenaError } from '@athena-pg/database'

/**
 * @param given `[0.1, 0.2, …]`, or `@file` that holds such a list
 * @throws AthenaError malformed_flag, wrong_dimensions, file_unreadable
 */
export function readVector(given: string, cwd: string, dimensions: number): number[] {
  const text = given.startsWith('@') ? contents(resolve(cwd, given.slice(1))) : given
  const vector = parsed(text)
  if (vector.length !== dimensions) {
    throw new AthenaError({
      code: 'wrong_dimensions',
      message: `the vector has ${vector.length} dimensions, and the store was installed for ${dimensions}`,
      hint: 'Embed the question with the model that the memories were embedded with.',
    })
  }
  return vector
}

function contents(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new AthenaError({
      code: 'file_unreadable',
      message: `${file} cannot be read`,
      detail: (cause as Error).message,
      cause,
    })
  }
}

function parsed(text: string): number[] {
  try {
    const value: unknown = JSON.parse(text)
    if (Array.isArray(value) && value.every((each) => typeof each === 'number') && value.some((each) => each !== 0))
      return value
  } catch {}
  throw new AthenaError({
    code: 'malformed_flag',
    message: '--vector is not a list of numbers',
    detail: `It begins with ${JSON.stringify(text.slice(0, 40))}; a vector of zeros has no direction.`,
    hint: `Write --vector '[0.1, -0.2]', or --vector @FILE for a file that holds such a list.`,
    exit: 2,
  })
}
