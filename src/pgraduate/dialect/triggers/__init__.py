"""CREATE TRIGGER: a function in PL/pgSQL, the trigger that calls it, and the order in which triggers fire."""
