import { compareWith } from '../compare/compare-with.ts'
import type { Recommendation } from '../recommendation.ts'
import { sizeText } from '../text/size-text.ts'
import { comparisonSection } from './html/comparison-section.ts'
import { countText } from './html/count-text.ts'
import { factsSection } from './html/facts-section.ts'
import { html, type Markup } from './html/markup.ts'
import { memorySection } from './html/memory-section.ts'
import { poolsSection, tablesSection, warningsSection } from './html/other-sections.ts'
import { settingsSection } from './html/settings-section.ts'
import { style } from './html/style.ts'
import { vectorSection } from './html/vector-section.ts'
import type { Output, RenderOptions } from './output.ts'

/** One page with everything, without a script and without anything from elsewhere. */
export const htmlReport: Output = {
  name: 'html',
  summary: 'A report for people: memory chart, every setting with its reason, comparison with other tools',
  render: (recommendation, options) => [{ name: 'report.html', content: page(recommendation, options) }],
}

function page(recommendation: Recommendation, options: RenderOptions): string {
  const { facts, settings, memory, pools, vectors, tables, warnings } = recommendation
  const title = `PostgreSQL ${facts.postgres.version} on ${sizeText(facts.memory)} and ${facts.cpus} ${facts.cpus === 1 ? 'processor' : 'processors'}`
  const profile = options.profile === undefined ? '' : `Profile ${options.profile}. `
  const { markup } = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}: settings</title>
<style>${{ markup: style }}</style></head>
<body><header><h1>${title}</h1>
<p class="soft">${profile}Settings for ${facts.workload.kind}, each with its reason, within one budget of memory and connections.</p>
${figures(recommendation)}</header>
<main>${warningsSection(warnings)}
${memorySection(memory)}
${comparisonSection(compareWith(facts, recommendation))}
${factsSection(facts)}
${settingsSection(settings, facts.postgres.version)}
${poolsSection(pools)}
${vectorSection(vectors)}
${tablesSection(tables)}</main>
<footer><p>Made by <code>athena tune --output html</code>. The same facts give the same page. <code>athena tune prove</code> has PostgreSQL itself check the settings.</p></footer></body></html>
`
  return markup
}

function figures({ facts, settings, memory, pools, vectors }: Recommendation): Markup {
  const restarts = settings.filter(({ takesEffect }) => takesEffect === 'restart').length
  const share = Math.round((100 * memory.worstCase) / memory.limit)
  const all: [string, string, string][] = [
    ['Memory at worst', `${sizeText(memory.worstCase)}`, `${share}% of ${sizeText(memory.limit)}`],
    ['Connections', String(facts.workload.connections), `${pools.usable} usable by applications and people`],
    ['Settings', String(settings.length), `${restarts} need a restart`],
    ['HNSW build in memory', `${countText(vectors.build.spillsAtRows)} rows`, 'in a partition; more rows spill'],
  ]
  return html`<dl class="figures">${all.map(([name, value, more]) => html`<div><dt>${name}</dt><dd>${value}<small>${more}</small></dd></div>`)}</dl>`
}
