import type { Said } from './finding.ts'

/** What can be wrong with an `-- athena-ignore` comment: no rules, since nothing suppresses them. */
export const suppressionFaults: Readonly<Record<'unknown' | 'unexplained' | 'unused', Said>> = {
  unknown: {
    rule: 'unknown_suppression',
    level: 'error',
    reason: 'An athena-ignore comment that names no known rule suppresses nothing.',
    help: 'Write -- athena-ignore rule_id: reason, with the id that stands in brackets in the finding.',
  },
  unexplained: {
    rule: 'unexplained_suppression',
    level: 'error',
    reason: 'An athena-ignore comment without a reason suppresses nothing: the next reader could not judge it.',
    help: 'Write -- athena-ignore rule_id: reason',
  },
  unused: {
    rule: 'unused_suppression',
    level: 'warning',
    reason: 'An athena-ignore comment that suppresses nothing hides the next fault of its kind.',
    help: 'Delete the comment, or put it directly above the statement that it is meant for.',
  },
}
