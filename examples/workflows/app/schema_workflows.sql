-- workflows.db: what the dashboard knows.
--
-- The first seven tables exist in phases.db too, because the phase worker must be able to go on while this file is
-- busy.  Six of them have the same shape in both files; workflow_history has grown here and not there.

CREATE TABLE IF NOT EXISTS tools (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    tool_name       VARCHAR(50) NOT NULL UNIQUE,
    display_name    TEXT NOT NULL,
    description     TEXT DEFAULT '',
    version         TEXT DEFAULT '1.0',
    config          JSON DEFAULT '{}',
    enabled         BOOLEAN NOT NULL DEFAULT TRUE,
    timeout_seconds INTEGER NOT NULL DEFAULT (5 * 60),
    fallback_tool   VARCHAR(50) REFERENCES tools (tool_name) ON UPDATE CASCADE,
    total_calls     INTEGER NOT NULL DEFAULT 0,
    last_called_at  TIMESTAMP,
    created_at      TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);

-- A retried workflow keeps its workflow_id, so the column is deliberately not UNIQUE.
CREATE TABLE IF NOT EXISTS workflow_history (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    workflow_id      TEXT,
    title            VARCHAR(120) NOT NULL,
    status           TEXT NOT NULL DEFAULT 'pending'
                     CHECK (status IN ('pending', 'running', 'completed', 'failed', 'cancelled')),
    source           TEXT DEFAULT 'manual',
    runner           VARCHAR(40) DEFAULT 'standard',
    started_at       TEXT,
    finished_at      TEXT,
    duration_seconds REAL,
    queue_seconds    REAL DEFAULT 0.0,
    retry_count      INTEGER NOT NULL DEFAULT 0,
    steps_completed  INTEGER NOT NULL DEFAULT 0,
    steps_total      INTEGER NOT NULL DEFAULT 0,
    estimated_cost   REAL DEFAULT 0.0,
    actual_cost      REAL DEFAULT 0.0,
    efficiency_score REAL DEFAULT -1,
    quality_score    REAL DEFAULT -1,
    error_message    TEXT,
    result           JSON,
    created_at       DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at       DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    -- The columns from here on exist in workflows.db only.
    project_id       INTEGER REFERENCES projects (id) ON DELETE SET NULL,
    template_name    TEXT,
    template_version INTEGER,
    branch           TEXT DEFAULT NULL,
    priority         INTEGER NOT NULL DEFAULT +50 CHECK (priority BETWEEN 0 AND 100),
    is_scheduled     BOOLEAN NOT NULL DEFAULT FALSE,
    complexity       TEXT CHECK (complexity IS NULL OR complexity IN ('low', 'medium', 'high')),
    phase_durations  TEXT,
    cost_breakdown   TEXT,
    units_in         INTEGER NOT NULL DEFAULT 0,
    units_cached     INTEGER NOT NULL DEFAULT 0,
    units_out        INTEGER NOT NULL DEFAULT 0,
    cache_ratio      REAL GENERATED ALWAYS AS
                     (CASE WHEN units_in > 0 THEN units_cached * 1.0 / units_in ELSE 0.0 END) VIRTUAL,
    anomaly_flags    TEXT DEFAULT '[]',
    recommendations  TEXT DEFAULT '[]',
    hour_of_day      INTEGER DEFAULT -1,
    day_of_week      INTEGER DEFAULT -1,
    requested_by     INTEGER REFERENCES operators (id) ON DELETE SET NULL,
    request_text     TEXT,
    FOREIGN KEY (template_name, template_version) REFERENCES workflow_templates (name, version)
);

CREATE TABLE IF NOT EXISTS tool_calls (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    tool_call_id TEXT NOT NULL UNIQUE,
    workflow_id  TEXT REFERENCES workflow_history (workflow_id),
    tool_name    VARCHAR(50) NOT NULL,
    arguments    TEXT,
    output       BLOB,
    success      BOOLEAN NOT NULL DEFAULT 1,
    duration_ms  INTEGER,
    cost         REAL DEFAULT 0,
    error        TEXT,
    called_at    TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE IF NOT EXISTS hook_events (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id    TEXT,
    workflow_id TEXT REFERENCES workflow_history (workflow_id),
    event_type  TEXT NOT NULL,
    payload     JSON,
    processed   INTEGER NOT NULL DEFAULT 0,
    received_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now'))
);

CREATE TABLE IF NOT EXISTS cost_entries (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    workflow_id TEXT REFERENCES workflow_history (workflow_id),
    phase       TEXT NOT NULL,
    service     TEXT NOT NULL,
    units       INTEGER NOT NULL DEFAULT 0,
    unit_price  REAL NOT NULL DEFAULT 1e-6,
    amount      REAL NOT NULL DEFAULT 0.0 CHECK (amount >= 0),
    currency    CHAR(3) NOT NULL DEFAULT 'EUR' CHECK (length(currency) = 3),
    recorded_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    UNIQUE (workflow_id, phase, service)
);

CREATE TABLE IF NOT EXISTS operation_patterns (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    pattern_signature TEXT NOT NULL UNIQUE,
    category          TEXT NOT NULL DEFAULT 'general',
    description       TEXT,
    occurrence_count  INTEGER NOT NULL DEFAULT 0,
    confidence        REAL NOT NULL DEFAULT 0.5 CHECK (confidence BETWEEN 0 AND 1),
    is_automated      INTEGER NOT NULL DEFAULT 0,
    sample            TEXT,
    first_seen        TEXT DEFAULT (datetime('now')),
    last_seen         TEXT DEFAULT (datetime('now'))
);

CREATE TABLE IF NOT EXISTS pattern_occurrences (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    pattern_id  INTEGER NOT NULL REFERENCES operation_patterns (id) ON DELETE CASCADE,
    workflow_id TEXT NOT NULL,
    similarity  REAL NOT NULL DEFAULT 1.0,
    matched_on  TEXT,
    detected_at TEXT NOT NULL DEFAULT (datetime('now')),
    UNIQUE (pattern_id, workflow_id)
);

-- From here on: tables of the dashboard alone.

CREATE TABLE IF NOT EXISTS projects (
    id         INTEGER PRIMARY KEY,
    slug       TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (length(slug) BETWEEN 2 AND 40),
    name       TEXT NOT NULL,
    parent_id  INTEGER REFERENCES projects (id) ON DELETE CASCADE,
    archived   BOOLEAN NOT NULL DEFAULT FALSE,
    settings   JSON NOT NULL DEFAULT '{}',
    created_on DATE NOT NULL DEFAULT CURRENT_DATE
);

CREATE TABLE IF NOT EXISTS operators (
    id           INTEGER PRIMARY KEY,
    email        VARCHAR(120) NOT NULL COLLATE NOCASE UNIQUE,
    display_name TEXT NOT NULL,
    role         TEXT NOT NULL DEFAULT 'viewer' CHECK (role IN ('viewer', 'editor', 'admin')),
    is_active    INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    token_digest BLOB NOT NULL DEFAULT x'00',
    last_seen_at TIMESTAMP
);

CREATE TABLE IF NOT EXISTS workflow_templates (
    name        TEXT NOT NULL,
    version     INTEGER NOT NULL DEFAULT 1 CHECK (version > 0),
    description TEXT,
    definition  JSON NOT NULL DEFAULT '{}',
    created_at  TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (name, version)
);

CREATE TABLE IF NOT EXISTS template_steps (
    template_name    TEXT NOT NULL,
    template_version INTEGER NOT NULL,
    position         INTEGER NOT NULL,
    phase            TEXT NOT NULL,
    tool_name        VARCHAR(50) NOT NULL,
    optional         BOOLEAN NOT NULL DEFAULT 0,
    PRIMARY KEY (template_name, template_version, position),
    FOREIGN KEY (template_name, template_version) REFERENCES workflow_templates (name, version)
        ON UPDATE CASCADE ON DELETE CASCADE
);

CREATE TABLE IF NOT EXISTS workflow_tags (
    workflow_id TEXT NOT NULL,
    tag         TEXT NOT NULL,
    tagged_at   TEXT NOT NULL DEFAULT (datetime('now')),
    PRIMARY KEY (workflow_id, tag)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS workflow_notes (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    workflow_id TEXT NOT NULL,
    author_id   INTEGER REFERENCES operators (id) ON DELETE SET NULL,
    body        TEXT NOT NULL,
    pinned      BOOLEAN NOT NULL DEFAULT 0,
    created_at  DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE IF NOT EXISTS workflow_artifacts (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    workflow_id TEXT NOT NULL,
    file_name   VARCHAR(80) NOT NULL,
    media_type  TEXT NOT NULL DEFAULT 'application/octet-stream',
    content     BLOB NOT NULL,
    sha256      TEXT NOT NULL CHECK (length(sha256) = 64),
    size        INTEGER GENERATED ALWAYS AS (length(content)) STORED,
    created_at  DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);

-- No key at all: finished runs are appended here before they leave workflow_history.
CREATE TABLE IF NOT EXISTS workflow_archive (
    workflow_id TEXT,
    title       TEXT NOT NULL,
    status      TEXT NOT NULL,
    started_at  TEXT,
    finished_at TEXT,
    actual_cost REAL,
    snapshot    JSON,
    reason      TEXT NOT NULL DEFAULT 'retention',
    archived_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE IF NOT EXISTS daily_metrics (
    day        DATE NOT NULL,
    project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    runs       INTEGER NOT NULL DEFAULT 0,
    failures   INTEGER NOT NULL DEFAULT 0,
    cost       REAL NOT NULL DEFAULT 0,
    PRIMARY KEY (day, project_id)
);

CREATE TABLE IF NOT EXISTS budgets (
    id         INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    month      TEXT NOT NULL CHECK (month GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]'),
    amount     DECIMAL(10, 2) NOT NULL CHECK (amount > 0),
    alert_at   REAL NOT NULL DEFAULT 0.8,
    UNIQUE (project_id, month)
);

CREATE TABLE IF NOT EXISTS price_list (
    service    TEXT PRIMARY KEY NOT NULL,
    unit_price REAL NOT NULL CHECK (unit_price > 0),
    currency   CHAR(3) NOT NULL DEFAULT 'EUR' CHECK (length(currency) = 3),
    valid_from DATE NOT NULL DEFAULT CURRENT_DATE
);

CREATE TABLE IF NOT EXISTS alerts (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id      INTEGER REFERENCES projects (id) ON DELETE SET NULL,
    workflow_id     TEXT,
    severity        TEXT NOT NULL DEFAULT 'info' CHECK (severity IN ('info', 'warning', 'critical')),
    message         VARCHAR(200) NOT NULL,
    acknowledged    BOOLEAN NOT NULL DEFAULT 0,
    acknowledged_by INTEGER REFERENCES operators (id) ON DELETE SET NULL,
    raised_at       DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);

-- delivered_at counts milliseconds since 1970, as the sender of the web hooks does.
CREATE TABLE IF NOT EXISTS webhook_deliveries (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id     INTEGER NOT NULL REFERENCES hook_events (id) DEFERRABLE INITIALLY DEFERRED,
    url          TEXT NOT NULL,
    attempt      INTEGER NOT NULL DEFAULT 1,
    status_code  INTEGER,
    response     BLOB,
    delivered_at INTEGER
);

CREATE TABLE IF NOT EXISTS schedules (
    id               INTEGER PRIMARY KEY,
    project_id       INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    template_name    TEXT NOT NULL,
    template_version INTEGER NOT NULL DEFAULT 1,
    cron             TEXT NOT NULL DEFAULT '0 4 * * *',
    enabled          BOOLEAN NOT NULL DEFAULT TRUE,
    next_run_at      TIMESTAMP,
    FOREIGN KEY (template_name, template_version) REFERENCES workflow_templates (name, version)
);

-- `value` has no type on purpose: it keeps whatever kind of value it is given.
CREATE TABLE IF NOT EXISTS settings (
    name       TEXT PRIMARY KEY NOT NULL,
    value,
    updated_at TEXT NOT NULL DEFAULT (datetime('now'))
);

CREATE TABLE IF NOT EXISTS report_cache (
    cache_key   TEXT PRIMARY KEY NOT NULL,
    body        TEXT NOT NULL,
    stored_at   INTEGER NOT NULL DEFAULT (strftime('%s', 'now')),
    ttl_seconds INTEGER NOT NULL DEFAULT (15 * 60)
);

CREATE TABLE IF NOT EXISTS saved_searches (
    id          INTEGER PRIMARY KEY,
    operator_id INTEGER NOT NULL REFERENCES operators (id) ON DELETE CASCADE,
    name        TEXT NOT NULL COLLATE NOCASE,
    filters     TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(filters)),
    UNIQUE (operator_id, name)
);

CREATE TABLE IF NOT EXISTS audit_log (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    actor       TEXT NOT NULL DEFAULT 'system',
    action      TEXT NOT NULL,
    subject     TEXT NOT NULL,
    detail      JSON,
    recorded_at TEXT NOT NULL DEFAULT (datetime('now'))
);

CREATE INDEX IF NOT EXISTS idx_history_workflow ON workflow_history (workflow_id);
CREATE INDEX IF NOT EXISTS idx_history_status ON workflow_history (status);
CREATE INDEX IF NOT EXISTS idx_history_created ON workflow_history (created_at DESC);
CREATE INDEX IF NOT EXISTS idx_history_status_created ON workflow_history (status, created_at DESC);
CREATE INDEX IF NOT EXISTS idx_history_title ON workflow_history (lower(title));
CREATE INDEX IF NOT EXISTS idx_history_running ON workflow_history (started_at) WHERE status = 'running';
CREATE INDEX IF NOT EXISTS idx_history_project ON workflow_history (project_id, started_at);
CREATE INDEX IF NOT EXISTS idx_history_template ON workflow_history (template_name, template_version);
CREATE INDEX IF NOT EXISTS idx_history_priority ON workflow_history (priority DESC, id) WHERE status = 'pending';
CREATE INDEX IF NOT EXISTS idx_history_requested_by ON workflow_history (requested_by);

CREATE INDEX IF NOT EXISTS idx_tool_calls_workflow ON tool_calls (workflow_id);
CREATE INDEX IF NOT EXISTS idx_tool_calls_tool ON tool_calls (tool_name, called_at DESC);
CREATE INDEX IF NOT EXISTS idx_tool_calls_failed ON tool_calls (tool_name) WHERE success = 0;
-- The same columns as idx_tool_calls_workflow: two people added it, a year apart.
CREATE INDEX IF NOT EXISTS idx_tc_workflow_id ON tool_calls (workflow_id);

CREATE INDEX IF NOT EXISTS idx_events_event ON hook_events (event_id);
CREATE INDEX IF NOT EXISTS idx_events_workflow ON hook_events (workflow_id, received_at);
CREATE INDEX IF NOT EXISTS idx_events_open ON hook_events (received_at) WHERE processed = 0;

CREATE INDEX IF NOT EXISTS idx_costs_recorded ON cost_entries (recorded_at);
CREATE INDEX IF NOT EXISTS idx_costs_service ON cost_entries (service, recorded_at DESC);
CREATE INDEX IF NOT EXISTS idx_costs_amount ON cost_entries (amount DESC) WHERE amount > 1.0;

CREATE INDEX IF NOT EXISTS idx_patterns_category ON operation_patterns (category, confidence DESC);
CREATE INDEX IF NOT EXISTS idx_patterns_manual ON operation_patterns (occurrence_count DESC) WHERE is_automated = 0;
CREATE INDEX IF NOT EXISTS idx_occurrences_workflow ON pattern_occurrences (workflow_id);
CREATE INDEX IF NOT EXISTS idx_occurrences_detected ON pattern_occurrences (detected_at);

CREATE INDEX IF NOT EXISTS idx_tools_enabled ON tools (display_name COLLATE NOCASE) WHERE enabled = 1;

CREATE INDEX IF NOT EXISTS idx_projects_parent ON projects (parent_id);
CREATE INDEX IF NOT EXISTS idx_operators_role ON operators (role) WHERE is_active = 1;
CREATE INDEX IF NOT EXISTS idx_steps_tool ON template_steps (tool_name);
CREATE INDEX IF NOT EXISTS idx_tags_tag ON workflow_tags (tag);
CREATE INDEX IF NOT EXISTS idx_notes_workflow ON workflow_notes (workflow_id, pinned DESC, created_at);
CREATE INDEX IF NOT EXISTS idx_notes_author ON workflow_notes (author_id);
CREATE INDEX IF NOT EXISTS idx_artifacts_workflow ON workflow_artifacts (workflow_id);
CREATE UNIQUE INDEX IF NOT EXISTS idx_artifacts_file ON workflow_artifacts (workflow_id, file_name, sha256);
CREATE INDEX IF NOT EXISTS idx_archive_workflow ON workflow_archive (workflow_id);
CREATE INDEX IF NOT EXISTS idx_archive_month ON workflow_archive (substr(started_at, 1, 7));
CREATE INDEX IF NOT EXISTS idx_metrics_project ON daily_metrics (project_id, day DESC);
CREATE INDEX IF NOT EXISTS idx_alerts_project ON alerts (project_id, raised_at DESC);
CREATE INDEX IF NOT EXISTS idx_status ON alerts (severity) WHERE acknowledged = 0;
CREATE INDEX IF NOT EXISTS idx_deliveries_event ON webhook_deliveries (event_id, attempt);
CREATE INDEX IF NOT EXISTS idx_schedules_next ON schedules (next_run_at) WHERE enabled = 1;
CREATE UNIQUE INDEX IF NOT EXISTS idx_schedules_once ON schedules (project_id, template_name, cron);
CREATE INDEX IF NOT EXISTS idx_audit_subject ON audit_log (subject, recorded_at DESC);

CREATE VIEW IF NOT EXISTS cost_by_month AS
SELECT strftime('%Y-%m', recorded_at) AS month,
       service,
       count(*) AS entries,
       sum(units) AS units,
       round(sum(amount), 6) AS amount,
       CASE WHEN sum(amount) >= 100 THEN 'high' WHEN sum(amount) >= 10 THEN 'medium' ELSE 'low' END AS level
  FROM cost_entries
 GROUP BY strftime('%Y-%m', recorded_at), service;

CREATE VIEW IF NOT EXISTS recent_failures AS
SELECT h.id, h.workflow_id, h.title, h.error_message, h.finished_at,
       (SELECT count(*) FROM tool_calls c WHERE c.workflow_id = h.workflow_id AND c.success = 0) AS failed_calls
  FROM workflow_history h
 WHERE h.status = 'failed'
   AND h.finished_at >= datetime('now', '-7 days');

CREATE VIEW IF NOT EXISTS tool_usage AS
SELECT t.tool_name,
       t.display_name,
       count(c.id) AS calls,
       sum(CASE WHEN c.success = 0 THEN 1 ELSE 0 END) AS failures,
       round(avg(c.duration_ms), 1) AS average_ms,
       max(c.called_at) AS last_call
  FROM tools t
  LEFT JOIN tool_calls c ON c.tool_name = t.tool_name
 GROUP BY t.tool_name, t.display_name;

CREATE VIEW IF NOT EXISTS project_overview AS
SELECT p.slug,
       p.name,
       count(h.id) AS runs,
       sum(CASE WHEN h.status = 'failed' THEN 1 ELSE 0 END) AS failures,
       coalesce(round(sum(h.actual_cost), 6), 0.0) AS cost,
       coalesce(round(avg((julianday(h.finished_at) - julianday(h.started_at)) * 86400.0), 1), 0.0) AS average_seconds,
       max(date(h.started_at)) AS last_day
  FROM projects p
  LEFT JOIN workflow_history h ON h.project_id = p.id
 WHERE p.archived = 0
 GROUP BY p.id, p.slug, p.name;

CREATE TRIGGER IF NOT EXISTS workflow_history_touch
AFTER UPDATE ON workflow_history
FOR EACH ROW WHEN NEW.updated_at IS OLD.updated_at
BEGIN
    UPDATE workflow_history SET updated_at = CURRENT_TIMESTAMP WHERE id = NEW.id;
END;

CREATE TRIGGER IF NOT EXISTS pattern_occurrence_counted
AFTER INSERT ON pattern_occurrences
BEGIN
    UPDATE operation_patterns
       SET occurrence_count = occurrence_count + 1, last_seen = NEW.detected_at
     WHERE id = NEW.pattern_id;
END;

CREATE TRIGGER IF NOT EXISTS tool_call_counted
AFTER INSERT ON tool_calls
BEGIN
    UPDATE tools
       SET total_calls = total_calls + 1, last_called_at = NEW.called_at
     WHERE tool_name = NEW.tool_name;
END;

CREATE TRIGGER IF NOT EXISTS audit_log_is_append_only
BEFORE DELETE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'audit_log is append-only');
END;
