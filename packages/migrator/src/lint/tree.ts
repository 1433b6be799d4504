import type { ColumnDef, Node, RangeVar, TypeName } from 'libpg-query'

type Intersection<Union> = (Union extends unknown ? (each: Union) => void : never) extends (all: infer All) => void
  ? All
  : never

/** Every node of PostgreSQL's parse tree by its name. */
export type Nodes = Intersection<Node>

/** The fields of a node, where it is one of this name. */
export function as<Name extends keyof Nodes>(
  node: Node | Record<string, unknown> | undefined,
  name: Name,
): Nodes[Name] | undefined {
  return (node as Partial<Nodes> | undefined)?.[name]
}

/** The fields of all nodes of this name in a list. */
export function allOf<Name extends keyof Nodes>(nodes: readonly Node[] | undefined, name: Name): Nodes[Name][] {
  return (nodes ?? []).map((node) => as(node, name)).filter((fields) => fields !== undefined)
}

/** Every node below, itself included, whatever it hangs from, in the order of the text as far as the tree keeps it. */
function* walk(tree: unknown): Generator<Node> {
  const stack = [tree]
  while (stack.length > 0) {
    const each = stack.pop()
    if (typeof each !== 'object' || each === null) continue
    if (!Array.isArray(each)) yield each as Node
    stack.push(...Object.values(each).reverse())
  }
}

/** Fields of every node of this name, however deep. */
export function* find<Name extends keyof Nodes>(tree: unknown, name: Name): Generator<Nodes[Name]> {
  for (const node of walk(tree)) {
    const fields = as(node, name)
    if (typeof fields === 'object' && fields !== null) yield fields
  }
}

/** The parts of a name: ['athena', 'memories']. */
export function parts(names: readonly Node[] | undefined): string[] {
  return allOf(names, 'String').map((string) => string.sval ?? '')
}

/** `schema.name`; a name without a schema is taken for one in public. */
export function keyOf(relation: RangeVar): string {
  return `${relation.schemaname ?? 'public'}.${relation.relname ?? ''}`
}

export function keyOfParts(names: readonly string[]): string {
  return names.length > 1 ? names.slice(-2).join('.') : `public.${names[0] ?? ''}`
}

/** As one writes it. */
export function nameOf(relation: RangeVar): string {
  return relation.schemaname === undefined ? (relation.relname ?? '') : `${relation.schemaname}.${relation.relname}`
}

/** The last part of a type's name, as the grammar knows it: `int4`, `timestamptz`, `vector`. */
export function typeOf(type: TypeName | undefined): string {
  return parts(type?.names).at(-1) ?? ''
}

/** The number in parentheses behind a type's name. */
export function typeModifier(type: TypeName | undefined): number | undefined {
  return integer(type?.typmods?.[0])
}

/** A whole number written as a constant; zero is a constant without a value in the tree. */
export function integer(node: Node | undefined): number | undefined {
  const constant = as(node, 'A_Const')
  if (constant?.ival !== undefined) return constant.ival.ival ?? 0
  return as(node, 'Integer')?.ival
}

export function constraintsOf(column: ColumnDef): Nodes['Constraint'][] {
  return allOf(column.constraints, 'Constraint')
}
