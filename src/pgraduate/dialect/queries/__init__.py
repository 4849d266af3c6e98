"""SELECT, clause by clause: sources, groups, aggregates, windows, order, compounds and common tables."""
