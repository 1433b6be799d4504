import { AthenaError } from '@athena-pg/database'
import type { MigrationPackage } from './discover.ts'
import type { Bound, VariableDeclaration } from './manifest.ts'
import { nearest } from './nearest.ts'

/** Where the vector extension lives, or will: known from the server, so no package declares it. */
const builtInDeclarations: Readonly<Record<string, VariableDeclaration>> = {
  vector_schema: {
    type: 'string',
    default: 'public',
    pattern: '^[A-Za-z_][A-Za-z0-9_$]*$',
    description: 'Schema of the vector extension.',
  },
}

export interface VariableInputs {
  /** From athena.config.json and --set. */
  given: Readonly<Record<string, string>>
  /** From the ledger: values that applied migrations were rendered with. */
  recorded: Readonly<Record<string, string>>
  /** Defaults that the server decides. */
  detected?: Readonly<Record<string, string>>
}

/** @throws AthenaError `duplicate_variable` */
export function declarationsOf(packages: readonly MigrationPackage[]): Map<string, VariableDeclaration> {
  const declarations = new Map(Object.entries(builtInDeclarations))
  const owner = new Map<string, string>()
  for (const { name: packageName, variables } of packages) {
    for (const [name, declaration] of Object.entries(variables)) {
      if (declarations.has(name) || name === 'batch') {
        throw new AthenaError({
          code: 'duplicate_variable',
          message: `variable "${name}" is declared twice`,
          detail: `${owner.get(name) ?? 'athena itself'} and ${packageName} both declare it.`,
          hint: 'Variables are shared by all packages: rename one, or let one package depend on the other and use its.',
        })
      }
      declarations.set(name, declaration)
      owner.set(name, packageName)
    }
  }
  return declarations
}

/**
 * The value of each settable variable: what is recorded, else what is given, else what the server says, else the default.
 * @throws AthenaError `unknown_variable`, `invalid_variable`, `changed_variable`, each naming every fault at once
 */
export function resolveVariables(
  declarations: ReadonlyMap<string, VariableDeclaration>,
  inputs: VariableInputs,
): Map<string, string> {
  const unknown = Object.keys(inputs.given).filter((name) => !isSettable(declarations.get(name)))
  if (unknown.length > 0)
    throw unknownVariables(
      unknown,
      [...declarations.keys()].filter((name) => isSettable(declarations.get(name))),
    )
  const values = new Map<string, string>()
  const changed: string[] = []
  for (const [name, declaration] of declarations) {
    if (declaration.type === 'derived') continue
    const recorded = inputs.recorded[name]
    const given = inputs.given[name]
    if (recorded !== undefined && given !== undefined && given !== recorded)
      changed.push(`${name}: applied with ${recorded}, now ${given}`)
    values.set(name, recorded ?? given ?? inputs.detected?.[name] ?? String(declaration.default))
  }
  if (changed.length > 0) throw changedVariables(changed)
  const faults = [...values].flatMap(([name, value]) => faultOf(name, value, declarations, values))
  if (faults.length > 0) throw invalidVariables(faults)
  return values
}

function isSettable(declaration: VariableDeclaration | undefined): boolean {
  return declaration !== undefined && declaration.type !== 'derived'
}

function faultOf(
  name: string,
  value: string,
  declarations: ReadonlyMap<string, VariableDeclaration>,
  values: ReadonlyMap<string, string>,
): string[] {
  const declaration = declarations.get(name)
  if (declaration?.type === 'enum' && !declaration.values.includes(value)) {
    return [`${name} = ${value}: must be one of ${declaration.values.join(', ')}`]
  }
  if (
    declaration?.type === 'string' &&
    declaration.pattern !== undefined &&
    !new RegExp(declaration.pattern).test(value)
  ) {
    return [`${name} = ${value}: must match ${declaration.pattern}`]
  }
  if (declaration?.type !== 'integer') return []
  if (!/^-?\d{1,15}$/.test(value)) return [`${name} = ${value}: must be a whole number`]
  const min = boundFor(declaration.min, values)
  const max = boundFor(declaration.max, values)
  if (min.value !== undefined && Number(value) < min.value)
    return [`${name} = ${value}: must be at least ${min.value}${min.why}`]
  if (max.value !== undefined && Number(value) > max.value)
    return [`${name} = ${value}: must be at most ${max.value}${max.why}`]
  return []
}

function boundFor(bound: Bound | undefined, values: ReadonlyMap<string, string>): { value?: number; why: string } {
  if (bound === undefined) return { why: '' }
  if (typeof bound === 'number') return { value: bound, why: '' }
  const by = values.get(bound.by)
  const value = by === undefined ? undefined : bound[by]
  return typeof value === 'number' ? { value, why: ` with ${bound.by} = ${by}` } : { why: '' }
}

function unknownVariables(names: string[], known: string[]): AthenaError {
  const near = nearest(names[0] ?? '', known)
  return new AthenaError({
    code: 'unknown_variable',
    message: `no package declares the variable ${names.map((name) => `"${name}"`).join(', ')}`,
    detail: `Variables that can be set: ${known.sort().join(', ') || 'none'}.`,
    hint: near === undefined ? 'Correct "variables" in athena.config.json, or --set.' : `Did you mean "${near}"?`,
  })
}

function invalidVariables(faults: string[]): AthenaError {
  return new AthenaError({
    code: 'invalid_variable',
    message: 'a variable has a value that it cannot take',
    detail: faults.join('\n'),
    hint: 'Correct "variables" in athena.config.json, or --set. Nothing was applied.',
  })
}

function changedVariables(changed: string[]): AthenaError {
  return new AthenaError({
    code: 'changed_variable',
    message: 'a variable was changed after migrations were applied with it',
    detail: changed.join('\n'),
    hint: 'Put the old value back in athena.config.json or --set: tables already have that form. Another form needs `athena migrate down --to zero` first, which deletes the data.',
  })
}
