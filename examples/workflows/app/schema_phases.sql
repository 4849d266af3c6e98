-- phases.db: what the phase worker knows.
--
-- The worker keeps its own copy of seven tables of workflows.db.  Its ids are counted independently, so the same id
-- means another row in the other file; what identifies a row in both are the natural keys: tool_name, workflow_id,
-- tool_call_id, event_id, (workflow_id, phase, service), pattern_signature.

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

-- The older shape of workflow_history: unknown scores and costs are NULL here, and -1 and 0.0 in workflows.db.
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
    queue_seconds    REAL DEFAULT NULL,
    retry_count      INTEGER NOT NULL DEFAULT 0,
    steps_completed  INTEGER NOT NULL DEFAULT 0,
    steps_total      INTEGER NOT NULL DEFAULT 0,
    estimated_cost   REAL DEFAULT NULL,
    actual_cost      REAL DEFAULT NULL,
    efficiency_score REAL DEFAULT NULL,
    quality_score    REAL DEFAULT NULL,
    error_message    TEXT,
    result           JSON,
    created_at       DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at       DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    -- The column from here on exists in phases.db only.
    worker           TEXT
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

-- From here on: tables of the phase worker alone.

CREATE TABLE IF NOT EXISTS phase_queue (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    queue_id     TEXT NOT NULL UNIQUE,
    workflow_id  TEXT NOT NULL,
    phase_number INTEGER NOT NULL CHECK (phase_number >= 1),
    phase_name   VARCHAR(60) NOT NULL,
    status       TEXT NOT NULL DEFAULT 'queued'
                 CHECK (status IN ('queued', 'ready', 'running', 'completed', 'failed', 'blocked')),
    priority     INTEGER NOT NULL DEFAULT 50,
    depends_on   INTEGER REFERENCES phase_queue (id) ON DELETE CASCADE,
    payload      JSON NOT NULL DEFAULT '{}',
    attempts     INTEGER NOT NULL DEFAULT 0,
    claimed_by   TEXT,
    claimed_at   TIMESTAMP,
    result       BLOB,
    created_at   TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    finished_at  TIMESTAMP,
    UNIQUE (workflow_id, phase_number)
);

CREATE TABLE IF NOT EXISTS phase_locks (
    lock_name   TEXT PRIMARY KEY NOT NULL,
    owner       TEXT NOT NULL,
    acquired_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    expires_at  TIMESTAMP
);

CREATE INDEX IF NOT EXISTS idx_history_workflow ON workflow_history (workflow_id);
CREATE INDEX IF NOT EXISTS idx_history_status ON workflow_history (status);
CREATE INDEX IF NOT EXISTS idx_history_created ON workflow_history (created_at DESC);
CREATE INDEX IF NOT EXISTS idx_history_status_created ON workflow_history (status, created_at DESC);
CREATE INDEX IF NOT EXISTS idx_history_title ON workflow_history (lower(title));
CREATE INDEX IF NOT EXISTS idx_history_running ON workflow_history (started_at) WHERE status = 'running';
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

CREATE INDEX IF NOT EXISTS idx_status ON phase_queue (status, priority DESC, id);
CREATE INDEX IF NOT EXISTS idx_queue_ready ON phase_queue (priority DESC, id) WHERE status = 'ready';
CREATE INDEX IF NOT EXISTS idx_queue_workflow ON phase_queue (workflow_id, phase_number);
CREATE INDEX IF NOT EXISTS idx_queue_depends ON phase_queue (depends_on) WHERE depends_on IS NOT NULL;
CREATE INDEX IF NOT EXISTS idx_locks_expiry ON phase_locks (expires_at);

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
