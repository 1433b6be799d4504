import { isAbsolute } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Finding } from './finding.ts'
import type { Rule } from './rule.ts'

/**
 * Findings as a SARIF 2.1.0 log, which code scanners and review tools read.
 * @param version of the tool
 */
export function toSarif(findings: readonly Finding[], rules: readonly Rule[], version: string): object {
  const known = new Set(rules.map(({ id }) => id))
  // Faults of comments and unreadable files are no rules of the list, but a result's rule must be declared.
  const others = findings.filter(
    ({ rule }, index) => !known.has(rule) && findings.findIndex((each) => each.rule === rule) === index,
  )
  const declared = [
    ...rules.map(({ id, level, reason, help, source }) => declaration(id, level, reason, help, source)),
    ...others.map(({ rule, level, reason, help }) => declaration(rule, level, reason, help)),
  ]
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'athena migrate lint', semanticVersion: version, rules: declared } },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) =>
          result(
            finding,
            declared.findIndex(({ id }) => id === finding.rule),
          ),
        ),
      },
    ],
  }
}

interface Declaration {
  id: string
  shortDescription: { text: string }
  help: { text: string }
  helpUri?: string
  defaultConfiguration: { level: Finding['level'] }
}

function declaration(id: string, level: Finding['level'], reason: string, help: string, source?: string): Declaration {
  return {
    id,
    shortDescription: { text: reason },
    help: { text: help },
    ...(source !== undefined && { helpUri: source }),
    defaultConfiguration: { level },
  }
}

function result(
  { rule, level, file, line, column, endColumn, reason, detail, help }: Finding,
  ruleIndex: number,
): object {
  return {
    ruleId: rule,
    ruleIndex,
    level,
    message: { text: [reason, detail, help].filter(Boolean).join(' ') },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(file) },
          region: { startLine: line, startColumn: column, endLine: line, endColumn },
        },
      },
    ],
  }
}

/** A relative path stays relative, for the reader knows the root of the repository. */
function uriOf(file: string): string {
  return isAbsolute(file) ? pathToFileURL(file).href : file.split(/[\\/]/).map(encodeURIComponent).join('/')
}
