import { malformedFlag } from '../malformed-flag.ts'
import type { Memory } from './memory.ts'
import { parseMemory } from './parse-memory.ts'
import type { Format } from './read-memories.ts'

/** What the flags of `athena remember` say. */
export interface RememberFlags {
  project: string
  type?: string | undefined
  domain?: string | undefined
  tag?: readonly string[] | undefined
  format?: string | undefined
  'dry-run'?: boolean | undefined
}

/**
 * The values go through the same checks as the fields of a line.
 * @throws AthenaError malformed_flag
 */
export function checkFlags({ project, type, domain, tag, format }: RememberFlags): void {
  if (!/\S/.test(project) || Buffer.byteLength(project) > 255) {
    throw malformedFlag('--project must be a name of at most 255 bytes', 'For example --project demo')
  }
  if (format !== undefined && format !== 'text' && format !== 'jsonl') {
    throw malformedFlag(`--format ${format} is not known`, 'Use --format text or --format jsonl')
  }
  const problem = parseMemory(JSON.stringify({ content: 'x', memory_type: type, domain, tags: tag }), 0)
  if (typeof problem !== 'string') return
  const message = problem.replace('"memory_type"', '--type').replace('"domain"', '--domain').replace('"tags"', '--tag')
  throw malformedFlag(message, 'For example --type procedure --tag ops')
}

export function formatOf({ format }: RememberFlags): Format | undefined {
  return format as Format | undefined
}

/** What a memory says itself goes before the flags; tags add up. */
export function withFlags(memory: Memory, { type, domain, tag }: RememberFlags): Memory {
  return {
    ...(type !== undefined && { memory_type: type }),
    ...(domain !== undefined && { domain }),
    ...memory,
    ...(tag && { tags: [...new Set([...(memory.tags ?? []), ...tag])] }),
  }
}
