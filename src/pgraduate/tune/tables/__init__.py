"""Tables: what was written to each since the counters began, and the storage parameters that follow from it."""
