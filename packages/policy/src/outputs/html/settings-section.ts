import type { PostgresVersion } from '../../facts/server-facts.ts'
import type { Setting } from '../../recommendation.ts'
import { documentationLink } from './documentation-link.ts'
import { breakable, html, type Markup } from './markup.ts'

const effects = { restart: 'restart', reload: 'reload', session: 'new sessions' } as const

/** Every setting by topic, in the order of the file. */
export function settingsSection(settings: readonly Setting[], version: PostgresVersion): Markup {
  const topics = [...new Set(settings.map(({ topic }) => topic))]
  return html`<section aria-labelledby="settings"><h2 id="settings">Settings</h2>
<p class="soft">${settings.length} settings, each with the reason for its value. What is not here keeps PostgreSQL's default.</p>
${topics.map((topic) =>
  topicTable(
    topic,
    settings.filter((each) => each.topic === topic),
    version,
  ),
)}</section>`
}

function topicTable(topic: string, settings: readonly Setting[], version: PostgresVersion): Markup {
  return html`<h3>${topic}</h3><table class="settings cards" role="table"><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col" class="name">Setting</th><th role="columnheader" scope="col" class="value">Value</th><th role="columnheader" scope="col" class="before">Default</th><th role="columnheader" scope="col" class="effect">Takes effect</th><th role="columnheader" scope="col">Reason and source</th></tr></thead>
<tbody role="rowgroup">${settings.map((each) => settingRow(each, version))}</tbody></table>`
}

function settingRow(
  { name, value, default: before, takesEffect, reason, source }: Setting,
  version: PostgresVersion,
): Markup {
  const text = source.kind === 'documentation' ? source.text : `${source.kind}: ${source.text}`
  const link = documentationLink(source.text, name, version)
  return html`<tr role="row"><th role="rowheader" scope="row" class="name"><code>${breakable(name)}</code></th><td role="cell" class="value" data-label="Value"><code>${shown(value)}</code></td><td role="cell" class="before" data-label="Default"><code>${shown(before)}</code></td><td role="cell" class="effect" data-label="Takes effect">${effects[takesEffect]}</td><td role="cell">${reason} <span class="source">${link === undefined ? text : html`<a href="${link}">${text}</a>`}</span></td></tr>`
}

function shown(value: string | null): string {
  if (value === null) return 'by machine'
  return value === '' ? "''" : value
}
