-- row triggers: triggers that go
DROP TRIGGER orders_log;
DROP TRIGGER IF EXISTS no_such;
DROP TRIGGER no_such;
