import { postgresqlConf } from './outputs/postgresql-conf.ts'
import type { Recommendation } from './recommendation.ts'

export interface OutputFile {
  readonly name: string
  readonly content: string
}

/** One file in outputs/ each. */
export interface Output {
  readonly name: string
  /** One line for help. */
  readonly summary: string
  render(recommendation: Recommendation, options: RenderOptions): readonly OutputFile[]
}

export interface RenderOptions {
  /** shared_memory_size_in_huge_pages as a server or `postgres -C` told it; else estimated. */
  readonly hugePages?: number
  /** Name of the profile the facts came from, for titles. */
  readonly profile?: string
}

export const outputs: readonly Output[] = [postgresqlConf]

export function render(
  recommendation: Recommendation,
  name: string,
  options: RenderOptions = {},
): readonly OutputFile[] {
  const output = outputs.find((each) => each.name === name)
  if (output === undefined) throw new RangeError(`no output ${name}`)
  return output.render(recommendation, options)
}
