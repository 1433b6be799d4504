/** A generated file, or one with a generated part. */
export interface Page {
  /** From the root of the repository. */
  path: string
  text: string
}

/** What a file beside this one exports as `pages`. */
export type Generator = (root: string) => Promise<readonly Page[]>
