import { comment } from './comment.ts'

/** Settings that a platform keeps for itself, with its reasons, as comment lines; none for none. */
export function leftOut(
  settings: readonly { readonly name: string }[],
  reasonOf: (name: string) => string | undefined,
): string[] {
  const left = settings.flatMap(({ name }) => {
    const reason = reasonOf(name)
    return reason === undefined ? [] : comment(`${name}: ${reason}.`, '#  ')
  })
  return left.length === 0 ? [] : ['#', '# Left out:', ...left]
}
