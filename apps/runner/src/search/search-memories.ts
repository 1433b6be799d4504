import type pg from 'pg'
import type { StoreFacts } from '../store/store-facts.ts'

export interface SearchRequest {
  projectId: string
  /** Words, in the language of web search: "a phrase", or, -not. */
  text?: string | undefined
  /** Ranks by this instead of by the words. */
  vector?: readonly number[] | undefined
  limit: number
}

/** How a result was found: it has all words, or some of them; or its embedding is near. */
export type Match = 'all_words' | 'some_words' | 'vector'

export interface SearchResult {
  id: string
  /** 0 to 1. Of words: relative to the best result; of vectors: cosine similarity. */
  score: number
  match: Match
  content: string
  memoryType: string
  domain: string
  tags: string[]
  metadata: Record<string, unknown>
  createdAt: Date
  /** The content around the words, which stand between the marks `\u0001` and `\u0002`. */
  snippet: string
}

/** Superseded memories are left out: something newer stands in their place. */
export async function searchMemories(
  client: pg.ClientBase,
  facts: StoreFacts,
  request: SearchRequest,
): Promise<SearchResult[]> {
  if (request.vector) return byVector(client, facts, request)
  const all = await byWords(client, facts, request, 'all_words')
  return all.length > 0 ? all : byWords(client, facts, request, 'some_words')
}

/** @param match all: a question in full sentences finds almost nothing so; some: the lexemes joined by OR. */
async function byWords(
  client: pg.ClientBase,
  { textSearch }: StoreFacts,
  { projectId, text = '', limit }: SearchRequest,
  match: 'all_words' | 'some_words',
): Promise<SearchResult[]> {
  // A word that must not occur would match nearly everything once the others are joined to it by OR.
  const query =
    match === 'all_words'
      ? 'websearch_to_tsquery($1::regconfig, $2)'
      : `CASE WHEN websearch_to_tsquery($1::regconfig, $2)::text NOT LIKE '%!%'
         THEN replace(websearch_to_tsquery($1::regconfig, $2)::text, ' & ', ' | ')::tsquery ELSE '' END`
  const { rows } = await client.query<SearchResult>(
    `WITH asked AS MATERIALIZED (SELECT ${query} AS query),
     found AS MATERIALIZED (
       SELECT m.*, ts_rank(m.fts, asked.query, 1)::float8 AS rank, asked.query
       FROM athena.memories m, asked
       WHERE m.project_id = $3 AND m.fts @@ asked.query AND m.state <> 'superseded'
       ORDER BY rank DESC, m.id
       LIMIT $4
     )
     SELECT ${columns}, rank / nullif(max(rank) OVER (), 0) AS score, ${snippet('query')} AS snippet
     FROM found
     ORDER BY rank DESC, id`,
    [textSearch, text, projectId, limit],
  )
  return rows.map((row) => ({ ...row, match, score: row.score ?? 1 }))
}

/** Exact: the + 0 keeps the planner from an approximate index. */
async function byVector(
  client: pg.ClientBase,
  { textSearch, embeddingType, vectorSchema }: StoreFacts,
  { projectId, text = '', vector, limit }: SearchRequest,
): Promise<SearchResult[]> {
  const { rows } = await client.query<SearchResult>(
    `WITH found AS MATERIALIZED (
       SELECT m.*, (m.embedding OPERATOR(${vectorSchema}.<=>) $5::${embeddingType}) + 0 AS distance,
         websearch_to_tsquery($1::regconfig, $2) AS query
       FROM athena.memories m
       WHERE m.project_id = $3 AND m.embedding IS NOT NULL AND m.state <> 'superseded'
       ORDER BY distance, m.id
       LIMIT $4
     )
     SELECT ${columns}, least(greatest(1 - distance, 0), 1) AS score, ${snippet('query')} AS snippet
     FROM found
     ORDER BY distance, id`,
    [textSearch, text, projectId, limit, JSON.stringify(vector)],
  )
  return rows.map((row) => ({ ...row, match: 'vector' as const }))
}

const columns = `id::text, content, memory_type AS "memoryType", domain, tags, metadata, created_at AS "createdAt"`

function snippet(query: string): string {
  return `ts_headline($1::regconfig, content, ${query},
    E'StartSel="\\x01", StopSel="\\x02", MaxFragments=2, MaxWords=40, MinWords=15, FragmentDelimiter=" … "')`
}
