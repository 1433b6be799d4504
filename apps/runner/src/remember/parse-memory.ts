import { nearest } from '@athena-pg/migrator'
import { isObject } from '../parse-json.ts'
import type { Memory } from './memory.ts'

/** The limits of the table athena.memories, so that a fault is told with its line before anything is sent. */
const contentLimit = 262_144
/** Of 16-bit numbers, which halfvec holds; no model comes near it. */
const largestHalf = 65_504
const word = /^[a-z][a-z0-9_]{0,62}$/

/**
 * One line of a JSON Lines file.
 * @returns the memory, or what is wrong with the line
 */
export function parseMemory(line: string, dimensions: number): Memory | string {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (error) {
    return `not JSON: ${(error as Error).message}`
  }
  if (!isObject(value)) return 'must be an object: {"content": "…"}'
  if (value.content === undefined) return 'has no "content"'
  for (const [name, given] of Object.entries(value)) {
    const check = checks[name]
    if (!check) return unknownField(name)
    const problem = given === null ? 'is null: leave it out' : check(given, dimensions)
    if (problem) return `"${name}" ${problem}`
  }
  return value as unknown as Memory
}

const checks: Readonly<Record<string, (value: unknown, dimensions: number) => string | undefined>> = {
  content: (value) => contentProblem(value),
  memory_type: vocabulary,
  domain: vocabulary,
  content_type: vocabulary,
  event_kind: vocabulary,
  tags: (value) => (Array.isArray(value) && value.every(isText) ? undefined : 'must be a list of texts'),
  metadata: (value) => {
    if (!isObject(value)) return 'must be an object'
    return storable(JSON.stringify(value)) ? undefined : unstorable
  },
  embedding: embeddingProblem,
  confidence: (value) =>
    typeof value === 'number' && value >= 0 && value <= 1 ? undefined : 'must be a number from 0 to 1',
  language: (value) =>
    isText(value) && Buffer.byteLength(value) <= 63 ? undefined : 'must be a text of at most 63 bytes',
  session_id: (value) =>
    isText(value) && Buffer.byteLength(value) <= 255 ? undefined : 'must be a text of at most 255 bytes',
  created_at: (value) =>
    isText(value) && /^\d{4}-\d\d-\d\d/.test(value) && !Number.isNaN(Date.parse(value))
      ? undefined
      : 'must be a time such as 2026-11-22T09:00:00Z',
}

/** What is wrong with a text that is to be remembered. */
export function contentProblem(value: unknown): string | undefined {
  if (typeof value !== 'string') return 'must be a text'
  if (!/\S/.test(value)) return 'is empty'
  if (!storable(value)) return unstorable
  const size = Buffer.byteLength(value)
  return size <= contentLimit ? undefined : `has ${size} bytes, and ${contentLimit} is the most: split it`
}

function embeddingProblem(value: unknown, dimensions: number): string | undefined {
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'number')) return 'must be a list of numbers'
  if (value.length !== dimensions) {
    return `has ${value.length} dimensions, and the store was installed for ${dimensions} (embedding_dimensions)`
  }
  if (value.some((each) => Math.abs(each) > largestHalf)) return `has a number beyond ${largestHalf}`
  return value.some((each) => each !== 0) ? undefined : 'is all zeros, which has no direction to compare'
}

function vocabulary(value: unknown): string | undefined {
  return typeof value === 'string' && word.test(value) ? undefined : 'must be lower-case letters, digits and _'
}

const unstorable = 'holds a NUL character or half of a surrogate pair, which PostgreSQL cannot store'

function storable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0') && !/\\u0000|\\ud[89a-f]/i.test(text)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && storable(value)
}

function unknownField(name: string): string {
  const near = nearest(name, Object.keys(checks))
  return `"${name}" is not a field of a memory${near === undefined ? '; put it into "metadata"' : `; did you mean "${near}"?`}`
}
