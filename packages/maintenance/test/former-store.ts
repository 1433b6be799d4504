// The tables of the application that the guide was written for, as it makes them: serial ids, times without zone, epoch
// milliseconds, arrays of ids, free words. Three dimensions, so that rows stay small.
export const formerTables = (schema: string, dimensions = 3): string =>
  // Two stores that are made one after the other are the same.
  tables(schema, dimensions).replaceAll('DEFAULT now()', "DEFAULT timestamp '2025-11-02 09:30:00'")

const tables = (schema: string, dimensions: number): string => `
CREATE SCHEMA IF NOT EXISTS ${schema};
CREATE TABLE ${schema}.projects (
  id serial PRIMARY KEY, name varchar(255) UNIQUE NOT NULL, path text UNIQUE NOT NULL, description text, language varchar(50),
  framework varchar(100), created_at timestamp DEFAULT now(), last_accessed timestamp DEFAULT now(),
  last_modified timestamp DEFAULT now(), memory_count int DEFAULT 0, total_events int DEFAULT 0, task_count int DEFAULT 0,
  embedding_dim int DEFAULT 768, consolidation_interval int DEFAULT 3600
);
CREATE TABLE ${schema}.memory_vectors (
  id bigserial PRIMARY KEY, project_id int NOT NULL, content text NOT NULL, content_type varchar(50),
  embedding vector(${dimensions}), content_tsvector tsvector GENERATED ALWAYS AS (to_tsvector('english', content)) STORED,
  memory_type varchar(50) NOT NULL, domain varchar(100), tags text[] DEFAULT '{}', created_at timestamp DEFAULT now(),
  updated_at timestamp DEFAULT now(), last_accessed timestamp DEFAULT now(), last_retrieved timestamp, access_count int DEFAULT 0,
  usefulness_score float DEFAULT 0.0, confidence float DEFAULT 1.0,
  quality_score float GENERATED ALWAYS AS (0.5 * usefulness_score + 0.3 * confidence + 0.2 * least(access_count::float / 100, 1.0)) STORED,
  consolidation_state varchar(50) DEFAULT 'unconsolidated', consolidated_at timestamp, superseded_by bigint, version int DEFAULT 1,
  session_id varchar(255), event_type varchar(50), code_language varchar(50), code_hash varchar(64)
);
CREATE TABLE ${schema}.memory_relationships (
  id serial PRIMARY KEY, project_id int NOT NULL, from_memory_id bigint NOT NULL, to_memory_id bigint NOT NULL,
  relationship_type varchar(50) NOT NULL, strength float DEFAULT 1.0, created_at timestamp DEFAULT now(),
  UNIQUE (from_memory_id, to_memory_id, relationship_type)
);
CREATE TABLE ${schema}.episodic_events (
  id bigserial PRIMARY KEY, project_id int NOT NULL, memory_vector_id bigint, session_id varchar(255) NOT NULL,
  timestamp bigint NOT NULL, duration_ms int, event_type varchar(50) NOT NULL, content text NOT NULL, outcome text,
  context_cwd text, context_files text[], context_task varchar(255), context_phase varchar(50), context_branch varchar(255),
  files_changed int DEFAULT 0, lines_added int DEFAULT 0, lines_deleted int DEFAULT 0, learned text, surprise_score float,
  confidence float DEFAULT 1.0, consolidation_status varchar(50) DEFAULT 'unconsolidated', consolidated_at timestamp,
  embedding vector(${dimensions})
);
CREATE TABLE ${schema}.prospective_goals (
  id bigserial PRIMARY KEY, project_id int NOT NULL, name varchar(255) NOT NULL, description text, priority int DEFAULT 5,
  status varchar(50) DEFAULT 'active', completion_percentage int DEFAULT 0, estimated_completion_date date, parent_goal_id bigint,
  related_memory_ids bigint[] DEFAULT '{}', created_at timestamp DEFAULT now(), completed_at timestamp
);
CREATE TABLE ${schema}.prospective_tasks (
  id bigserial PRIMARY KEY, project_id int NOT NULL, title varchar(255) NOT NULL, description text,
  status varchar(50) DEFAULT 'pending', priority int DEFAULT 5, goal_id bigint, parent_task_id bigint, estimated_effort_hours float,
  actual_effort_hours float, due_date date, related_memory_ids bigint[] DEFAULT '{}', related_code_ids bigint[] DEFAULT '{}',
  completion_percentage int DEFAULT 0, success_rate float, created_at timestamp DEFAULT now(), started_at timestamp,
  completed_at timestamp
);
CREATE TABLE ${schema}.code_metadata (
  id bigserial PRIMARY KEY, project_id int NOT NULL, memory_vector_id bigint NOT NULL, file_path text NOT NULL,
  language varchar(50), entity_type varchar(50), entity_name varchar(255), start_line int, end_line int, signature text,
  docstring text, semantic_hash varchar(64), dependencies text[], dependents text[], cyclomatic_complexity int, lines_of_code int,
  created_at timestamp DEFAULT now(), last_analyzed_at timestamp, UNIQUE (project_id, file_path, entity_name)
);
CREATE TABLE ${schema}.code_dependencies (
  id serial PRIMARY KEY, project_id int NOT NULL, from_code_id bigint NOT NULL, to_code_id bigint NOT NULL,
  dependency_type varchar(50), strength float DEFAULT 1.0, created_at timestamp DEFAULT now()
);
CREATE TABLE ${schema}.planning_decisions (
  id bigserial PRIMARY KEY, project_id int NOT NULL, decision_type varchar(50), title varchar(255) NOT NULL, rationale text,
  context_memory_ids bigint[] DEFAULT '{}', alternatives text[], validation_status varchar(50) DEFAULT 'pending',
  validation_confidence float, created_at timestamp DEFAULT now(), validated_at timestamp, superseded_by bigint
);
CREATE TABLE ${schema}.planning_scenarios (
  id bigserial PRIMARY KEY, project_id int NOT NULL, decision_id bigint, scenario_type varchar(50), scenario_name varchar(255),
  description text, assumptions text[], expected_outcomes text[], impact_assessment text, risk_level varchar(50),
  probability float, testing_status varchar(50) DEFAULT 'not_tested', created_at timestamp DEFAULT now()
);
CREATE TABLE ${schema}.consolidation_runs (
  id serial PRIMARY KEY, project_id integer, started_at integer NOT NULL, completed_at integer, status text DEFAULT 'running',
  memories_scored integer DEFAULT 0, patterns_extracted integer DEFAULT 0, avg_quality_before real
);
CREATE TABLE ${schema}.working_memory (id bigserial PRIMARY KEY, project_id int NOT NULL, priority_score float);`

/** Some thousand rows, nasty ones among them; the same each time. */
export const formerRows = (schema: string, memories = 600): string => `
SET search_path TO ${schema}, public;
INSERT INTO projects (name, path, language, created_at) SELECT 'project ' || i, '/home/ada/p' || i, 'python', timestamp '2025-03-30 01:59:59' + i * interval '1 second'
  FROM generate_series(1, 5) AS i;
INSERT INTO consolidation_runs (project_id, started_at, completed_at, status, memories_scored, avg_quality_before)
  SELECT 1 + i % 5, 1762000000 + i * 3600, CASE WHEN i % 7 = 0 THEN NULL ELSE 1762000060 + i * 3600 END,
         CASE WHEN i % 7 = 0 THEN 'running' WHEN i % 7 = 1 THEN 'Failed' ELSE 'completed' END, i, .5 FROM generate_series(1, 20) AS i;
INSERT INTO memory_vectors (project_id, content, content_type, embedding, memory_type, domain, tags, created_at, updated_at, last_retrieved,
    access_count, usefulness_score, confidence, consolidation_state, superseded_by, version, session_id, event_type, code_language, code_hash)
  SELECT 1 + i % 5,
    CASE i % 10 WHEN 0 THEN 'Ünïcode 记忆 🧠 ' || i WHEN 1 THEN 'duplicate' WHEN 2 THEN E'lines\\n\\ttabs \\\\ "quotes" ''single'' ' || i
      ELSE 'Deploys happen on day ' || i END,
    CASE WHEN i % 3 = 0 THEN 'Semantic' ELSE NULL END,
    CASE WHEN i % 11 = 0 THEN NULL WHEN i % 13 = 0 THEN '[0,0,0]'::vector ELSE ('[' || i || ',' || (i % 17) / 3.0 || ',-1]')::vector END,
    CASE i % 4 WHEN 0 THEN 'fact' WHEN 1 THEN 'Code Snippet' WHEN 2 THEN 'codeSnippet' ELSE 'pattern' END,
    CASE WHEN i % 3 = 0 THEN 'code-analysis' END,
    CASE WHEN i % 2 = 0 THEN ARRAY['a,b', 'say "hi"', '{x}', 'tag ' || i] END,
    -- Around the ends of summer time in 2025 in Berlin.
    timestamp '2025-10-26 00:00:00' + i * interval '7 minutes 1 microsecond', timestamp '2025-03-30 00:00:00' + i * interval '7 minutes',
    CASE WHEN i % 5 = 0 THEN timestamp '2025-11-01' END, i % 150, (i % 100) / 100.0, 1 - (i % 10) / 10.0,
    CASE i % 6 WHEN 0 THEN 'labile' WHEN 1 THEN 'Consolidated' ELSE 'unconsolidated' END,
    CASE WHEN i % 20 = 0 THEN i + 30 WHEN i % 97 = 0 THEN 999999 END, 1 + i % 3,
    CASE WHEN i % 4 = 0 THEN 'cli-' || i WHEN i % 4 = 1 THEN '' END, CASE WHEN i % 2 = 0 THEN 'Learning' END, CASE WHEN i % 3 = 0 THEN 'python' ELSE '' END, 'hash' || i
  FROM generate_series(1, ${memories}) AS i;
INSERT INTO memory_vectors (project_id, content, memory_type, confidence) VALUES
  (1, '   ', 'fact', 1), (99, 'of no project', 'fact', 1), (2, 'too sure', 'fact', 1.5), (2, 'not a word', '记忆', 1), (3, repeat('huge ', 60000), 'fact', 1);
INSERT INTO memory_vectors (id, project_id, content, memory_type) VALUES (5000000000, 3, repeat('large ', 40000), 'fact');
INSERT INTO memory_relationships (project_id, from_memory_id, to_memory_id, relationship_type, strength)
  SELECT 1 + i % 5, i, i + 5, (ARRAY['reinforces', 'Depends On', 'caused-by'])[1 + i % 3], (i % 11) / 10.0 FROM generate_series(1, ${memories - 10}) AS i;
INSERT INTO memory_relationships (project_id, from_memory_id, to_memory_id, relationship_type) VALUES (1, 5, 123456, 'extends'), (1, 5, 6, 'extends');
INSERT INTO episodic_events (project_id, memory_vector_id, session_id, timestamp, duration_ms, event_type, content, outcome, context_cwd, context_files,
    context_branch, files_changed, learned, surprise_score, consolidation_status, embedding)
  SELECT 1 + i % 5, CASE WHEN i % 3 = 0 THEN i WHEN i % 50 = 1 THEN 777777 END, 'session ' || i / 20, 1735689600123 + i::bigint * 45000000, CASE WHEN i % 2 = 0 THEN i * 10 END,
    (ARRAY['action', 'Error', 'file.change'])[1 + i % 3], 'event ' || i, 'success', '/home/ada', ARRAY['a.py', 'b, "c".py'], 'fix/' || i, i % 4, 'ö', .5,
    CASE WHEN i % 2 = 0 THEN 'consolidated' ELSE 'unconsolidated' END, '[1,2,3]' FROM generate_series(1, ${memories}) AS i;
INSERT INTO episodic_events (project_id, session_id, timestamp, event_type, content) VALUES (1, 's', 1735689600, 'action', 'seconds, not milliseconds');
INSERT INTO prospective_goals (project_id, name, status, priority, parent_goal_id, related_memory_ids, completion_percentage, estimated_completion_date)
  SELECT 1 + i % 5, 'goal ' || i, (ARRAY['active', 'completed', 'In Progress', 'done'])[1 + i % 4], 1 + i % 10, CASE WHEN i > 5 THEN i - 5 ELSE i + 5 END,
    CASE WHEN i % 3 = 0 THEN NULL ELSE ARRAY[i, i, i + 5, 888888] END, i, date '2025-12-01' FROM generate_series(1, 60) AS i;
INSERT INTO prospective_tasks (project_id, title, status, goal_id, parent_task_id, due_date, related_memory_ids, related_code_ids, completed_at)
  SELECT 1 + i % 5, 'task ' || i, (ARRAY['pending', 'in-progress', 'completed', 'todo'])[1 + i % 4], CASE WHEN i % 2 = 0 THEN i % 60 WHEN i = 7 THEN 4242 END,
    CASE WHEN i < 200 THEN i + 5 WHEN i = 200 THEN 200 END, date '2026-03-29', ARRAY[i], ARRAY[i % 50], CASE WHEN i % 8 = 2 THEN timestamp '2025-10-26 02:30' END
    FROM generate_series(1, 200) AS i;
INSERT INTO prospective_tasks (project_id, title, status) VALUES (1, 'what is this', 'somewhere');
INSERT INTO code_metadata (project_id, memory_vector_id, file_path, entity_type, entity_name, start_line, end_line, dependencies, dependents, lines_of_code)
  SELECT 1 + i % 5, i, 'src/' || i || '.py', CASE WHEN i % 2 = 0 THEN 'Function' END, CASE WHEN i % 9 <> 0 THEN 'f' || i END, i, i + 3, ARRAY['x.y'], ARRAY['z'], 3
    FROM generate_series(1, 50) AS i;
INSERT INTO code_dependencies (project_id, from_code_id, to_code_id, dependency_type, strength)
  SELECT 1 + i % 5, i, CASE WHEN i % 10 = 0 THEN i ELSE i + 5 END, 'Calls', i FROM generate_series(1, 45) AS i;
INSERT INTO planning_decisions (project_id, decision_type, title, context_memory_ids, alternatives, validation_status, superseded_by)
  SELECT 1 + i % 5, 'Architectural', 'decision ' || i, ARRAY[i, i + 5], ARRAY['none', 'a, b'], (ARRAY['pending', 'validated'])[1 + i % 2], CASE WHEN i <= 10 THEN i + 5 END
    FROM generate_series(1, 30) AS i;
INSERT INTO planning_scenarios (project_id, decision_id, scenario_type, scenario_name, description, risk_level, probability)
  SELECT 1 + i % 5, i, 'worst-case', CASE WHEN i % 2 = 0 THEN 'scenario ' || i END, 'description ' || i, 'High', .25 FROM generate_series(1, 30) AS i;
INSERT INTO working_memory (project_id, priority_score) VALUES (1, .5);
RESET search_path;`
