# The newest Python that can make an environment; name another with `make PYTHON=python3.12 test`.
PYTHON ?= $(shell scripts/find-python 3.11)
VENV ?= .venv
RUN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEMO ?= pgraduate-demo
JOBS ?= 3
# What `make soak` runs: all tests, or those below a folder.
TESTS ?=

.PHONY: help demo compiled test lint soak apps bench bench-tune bench-settings bench-translate bench-runtime both-builds clean

help:
	@echo "make demo   build the sample, start an embedded PostgreSQL, carry the sample over, prove it"
	@echo "make test   the test-suite, in an environment of its own"
	@echo "make lint   ruff, mypy, import-linter"
	@echo "make soak   the tests with the full number of kills, corruptions and examples; writes docs/soak.md"
	@echo "make bench  load and verify against the limit and the peers, five rounds; writes docs/performance.md"
	@echo "make bench-translate   the time of one translation, docs/translate-speed.md"
	@echo "make bench-runtime   what the runtime costs over plain psycopg; writes benchmarks/results"
	@echo "make both-builds   the suite's translations under both builds of sqlglot"
	@echo "make bench-tune   index tuning on TPC-H: estimates, measured times, docs/tuning-results.md"
	@echo "make bench-settings   pgbench and the sample under defaults, pgtune's values and ours, docs/settings-results.md"
	@echo "make apps   other people's applications: their statements recorded, translated, prepared (needs a network)"
	@echo "make clean  remove the environment and the demo"

$(STAMP): pyproject.toml
	@test -n "$(PYTHON)" || { echo "no Python >= 3.11 with venv found; on Debian: apt install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,server]'
	@touch $@

demo: $(STAMP)
	$(RUN)/pgraduate demo --dir $(DEMO)

# Else each of the many processes that the tests start would compile the package, where Python may keep no bytecode.
compiled: $(STAMP)
	@$(RUN)/python -m compileall -q src

# A file of tests stays on one process, so that what it makes once is made once; the long ones come first.
test: compiled
	$(RUN)/pytest -q -n $(JOBS) --dist loadfile --no-loadscope-reorder
	$(RUN)/pytest -q examples/workflows/tests

lint: $(STAMP)
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy
	$(RUN)/lint-imports

soak: compiled
	@rm -rf build/soak && mkdir -p build/soak
	PGRADUATE_SOAK=1 PGRADUATE_SOAK_RUN=$(CURDIR)/build/soak PGRADUATE_SOAK_SEED=$$(date +%s) \
	$(RUN)/pytest -q -n $(JOBS) --dist worksteal $(TESTS); status=$$?; $(RUN)/python tests/support/soak.py build/soak && exit $$status

bench: $(STAMP)
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	$(RUN)/python -m benchmarks.load
	$(RUN)/python -m benchmarks.journey
	$(RUN)/python -m benchmarks.load.page

bench-translate: $(STAMP)
	$(RUN)/python -m benchmarks.translate

bench-runtime: $(STAMP)
	$(RUN)/python -m benchmarks.runtime

both-builds: $(STAMP)
	scripts/both-builds $(VENV)

bench-tune: $(STAMP)
	@ls /usr/share/postgresql/*/extension/hypopg.control >/dev/null 2>&1 || \
		{ echo "bench-tune needs HypoPG: apt install postgresql-NN-hypopg" >&2; exit 1; }
	$(RUN)/python -m pip install --quiet --disable-pip-version-check tpchgen-cli
	$(RUN)/python -m benchmarks.tune

bench-settings: $(STAMP)
	$(RUN)/python -m benchmarks.settings

apps: $(STAMP)
	$(RUN)/python tests/apps

clean:
	-test ! -d $(DEMO) || $(RUN)/pgraduate server remove --dir $(DEMO)/.pgraduate/server --yes
	rm -rf $(VENV) $(DEMO) .apps build dist
