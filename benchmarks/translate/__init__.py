"""How long the translation of one statement takes, and whether every build of the parser gives the same texts.

`python -m benchmarks.translate` times the statement suite and writes its result and page; with `--texts` it prints
every translation instead, which two interpreters with different builds of sqlglot must print alike.
"""
