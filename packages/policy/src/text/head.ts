import type { RenderOptions } from '../outputs/output.ts'
import type { Recommendation } from '../recommendation.ts'
import { comment } from './comment.ts'
import { factsSummary } from './facts-summary.ts'

/** First lines of a generated file: what it is, that it is generated, and for which server. */
export function head(title: string, { facts }: Recommendation, { profile }: RenderOptions, mark = '#'): string[] {
  const profileText = profile === undefined ? '' : `, profile ${profile}`
  return [
    ...comment(`${title}${profileText}. Made by \`athena tune\`; make it anew rather than edit it.`, mark),
    mark,
    ...factsSummary(facts).flatMap((line) => comment(line, `${mark}  `)),
  ]
}

/** Warnings of the policy as comment lines; none for none. */
export function warningLines({ warnings }: Recommendation, mark = '#'): string[] {
  return warnings.flatMap(({ message, hint }) => [
    mark,
    ...comment(`Warning: ${[message, ...(hint === undefined ? [] : [hint])].map(sentence).join(' ')}`, mark),
  ])
}

/** A message has no full stop of its own. */
function sentence(text: string): string {
  return /[.!?:)]$/.test(text) ? text : `${text}.`
}
