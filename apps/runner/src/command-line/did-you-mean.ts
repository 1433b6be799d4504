/** The hint with the nearest known name, where one is near. The comparison is loaded only for those who mistyped. */
export async function didYouMean(
  typed: string,
  known: readonly string[],
  show: (name: string) => string = String,
): Promise<string | undefined> {
  const { nearest } = await import('@athena-pg/migrator')
  const name = nearest(typed, known)
  return name === undefined ? undefined : `Did you mean ${show(name)}?`
}
