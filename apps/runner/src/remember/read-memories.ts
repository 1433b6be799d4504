import { createReadStream } from 'node:fs'
import { extname } from 'node:path'
import { AthenaError } from '@athena-pg/database'
import type { InputFault, Memory } from './memory.ts'
import { contentProblem, parseMemory } from './parse-memory.ts'
import { splitText } from './split-text.ts'

export type Format = 'text' | 'jsonl'

/**
 * The memories in a file, or in standard input for `-`, as they are read; faults instead of what cannot be one.
 * @param format else by the name: .jsonl and .ndjson; standard input is JSON Lines when it begins with `{`
 * @throws AthenaError file_unreadable, file_not_text
 */
export async function* readMemories(
  file: string,
  format: Format | undefined,
  dimensions: number,
): AsyncGenerator<Memory | InputFault> {
  const named = format ?? (/^\.(jsonl|ndjson)$/.test(extname(file)) ? 'jsonl' : file === '-' ? undefined : 'text')
  let text = ''
  let line = 0
  let kind = named
  for await (const part of decoded(file)) {
    text += part
    kind ??= text.trimStart() === '' ? undefined : text.trimStart().startsWith('{') ? 'jsonl' : 'text'
    if (kind !== 'jsonl') continue
    const lines = text.split('\n')
    text = lines.pop() ?? ''
    for (const each of lines) yield* fromLine(file, ++line, each, dimensions)
  }
  if (kind === 'jsonl') yield* fromLine(file, ++line, text, dimensions)
  else yield* fromText(file, text)
}

function* fromLine(file: string, line: number, text: string, dimensions: number): Generator<Memory | InputFault> {
  if (text.trim() === '') return
  const memory = parseMemory(text, dimensions)
  yield typeof memory === 'string' ? { file, line, text: memory } : memory
}

function* fromText(file: string, text: string): Generator<Memory | InputFault> {
  for (const { text: content, line, heading } of splitText(text)) {
    const problem = contentProblem(content)
    yield problem === undefined
      ? { content, metadata: { file, line, ...(heading && { heading }) } }
      : { file, line, text: problem }
  }
}

async function* decoded(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for await (const bytes of file === '-' ? process.stdin : createReadStream(file)) {
      // NUL is valid UTF-8, and is in nearly every binary file.
      if ((bytes as Buffer).includes(0)) throw notText(file, 'It holds NUL bytes.')
      yield decoder.decode(bytes as Buffer, { stream: true })
    }
    yield decoder.decode()
  } catch (cause) {
    if (cause instanceof TypeError) throw notText(file, 'Its bytes are not UTF-8.')
    if (cause instanceof AthenaError) throw cause
    throw new AthenaError({
      code: 'file_unreadable',
      message: `${file} cannot be read`,
      detail: (cause as Error).message,
      cause,
    })
  }
}

function notText(file: string, detail: string): AthenaError {
  return new AthenaError({
    code: 'file_not_text',
    message: `${file === '-' ? 'standard input' : file} is not a text file`,
    detail: `${detail} Nothing was stored.`,
    hint: 'Give text in UTF-8 (iconv -f LATIN1 -t UTF-8 converts), or what a converter made of a document.',
  })
}
