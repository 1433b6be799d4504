import type pg from 'pg'
import type { StoreFacts } from '../store/store-facts.ts'
import type { Memory } from './memory.ts'

/**
 * Stores memories that the project does not have yet, in one statement.
 * One JSON parameter and not COPY, which the embedded database does not survive.
 * @returns how many were new
 */
export async function storeMemories(
  client: pg.ClientBase,
  facts: StoreFacts,
  projectId: string,
  memories: readonly Memory[],
): Promise<number> {
  const rows = memories.map(({ embedding, ...memory }) => ({
    ...memory,
    embedding: embedding && JSON.stringify(embedding),
  }))
  const { rowCount } = await client.query(
    `INSERT INTO athena.memories (project_id, content, memory_type, domain, content_type, tags, metadata, embedding,
       confidence, language, session_id, event_kind, created_at)
     SELECT $1, content, coalesce(memory_type, 'fact'), coalesce(domain, 'memory'), coalesce(content_type, 'semantic'),
       coalesce(tags, '{}'), coalesce(metadata, '{}'), embedding::${facts.embeddingType},
       coalesce(confidence, 1), language, session_id, event_kind, coalesce(created_at, now())
     FROM (
       SELECT DISTINCT ON (content) *
       FROM ROWS FROM (json_to_recordset($2::json) AS (content text, memory_type text, domain text, content_type text,
         tags text[], metadata jsonb, embedding text, confidence float8, language text, session_id text, event_kind text,
         created_at timestamptz)) WITH ORDINALITY AS given (content, memory_type, domain, content_type, tags, metadata,
         embedding, confidence, language, session_id, event_kind, created_at, place)
       ORDER BY content, place
     ) AS given
     WHERE NOT EXISTS (
       SELECT FROM athena.memories known
       WHERE known.project_id = $1 AND known.content_hash = hashtextextended(given.content, 0) AND known.content = given.content
     )
     ORDER BY place`,
    [projectId, JSON.stringify(rows)],
  )
  return rowCount ?? 0
}
