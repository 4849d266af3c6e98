"""What every translator speaks of: kinds of values, names and scopes, the tree, and the context of one translation."""
