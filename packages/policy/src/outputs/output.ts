import type { Recommendation } from '../recommendation.ts'

export interface OutputFile {
  readonly name: string
  readonly content: string
}

/** A form that a recommendation can be had in; one file here each. */
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
