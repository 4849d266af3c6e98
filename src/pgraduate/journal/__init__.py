"""The append-only evidence of a run.  Progress is never read from here: the target decides what was done."""
