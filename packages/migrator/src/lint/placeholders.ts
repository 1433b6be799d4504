/**
 * Stands in for variables whose values nobody knows here. First a name for each, then, where the grammar does not take a name, a
 * number: rules see that something is there and not what.
 */
export function placeholders(names: readonly string[]): ReadonlyMap<string, string>[] {
  return [new Map(names.map((name) => [name, `value_of_${name}`])), new Map(names.map((name) => [name, '1']))]
}
