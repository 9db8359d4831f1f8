# Everything from an empty clone: GNU make 4.3 and Python 3.11 or newer; the first run fetches the locked packages,
# later runs need no network.
PYTHON ?= python3
# Of two cores: tests of clusters wait for what must not come.
WORKERS ?= 3
BIN := .venv/bin
# Many containers set it for Python: then every process that a test starts compiles the package anew, 0.3 s each.
unexport PYTHONDONTWRITEBYTECODE
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check

.DELETE_ON_ERROR:
.PHONY: help demo test test-alone test-fast test-lowest mutants spark lint types scripts docs catalogues bench lock dist sample-data clean

help: ## show these lines
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

demo: .venv/installed ## run the whole job on the sample data, into build/demo
	@$(BIN)/mpi demo -o build/demo

test: .venv/installed ## run all tests
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal --benchmark-disable --durations=5 --durations-min=1
	@$(MAKE) -s test-alone

test-alone: .venv/installed ## run the tests that copy processes, which needs one without the threads of workers
	@$(BIN)/python -m pytest -q --benchmark-disable -m alone tests/runs

# Arithmetic, rules, estimates and reading: what no picture, page or server of its own is needed for.
CORE := test_counting.py columns config estimates golden inference profile rules source specs
SERVERS := config/test_language_server.py source/test_databases.py source/test_stores.py
test-fast: .venv/installed ## run the tests of the core alone, some 140 CPU seconds
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal --benchmark-disable -m "not slow" \
	    $(addprefix --ignore=tests/,$(SERVERS)) $(addprefix tests/,$(CORE))

# What the versions of other packages can change: arithmetic, reading, frames, kernels, drawing, maps, workbooks, tables;
# then the demo, which makes a publication of every output. Texts, configs, sentences, pages and commands rest on no
# version, and take most of the suite's time. The newest versions are those of requirements.lock: `make test`.
LOWEST := test_counting.py columns estimates golden inference profile rules source kernels drawing maps tables workbook
# Old packages warn of each other; pages are driven with the newest alone.
test-lowest: .venv/python-is-new-enough build/lowest/installed ## run what rests on other packages with the lowest versions that pyproject.toml allows
	@env -u MPI_BROWSER -u MPI_ENGINES build/lowest/bin/python -m pytest -q -n $(WORKERS) --dist worksteal \
	    --benchmark-disable -m "not slow" \
	    -W ignore::DeprecationWarning --ignore tests/maps/test_engines.py $(addprefix tests/,$(LOWEST))
	@build/lowest/bin/mpi demo -o build/demo-lowest

AREA ?=
SAMPLE ?= 30
mutants: .venv/installed ## see which faults put into the package no test sees, an hour: make mutants AREA=inference/variance SAMPLE=60
	@$(BIN)/python -m benchmarks.mutation $(AREA) --sample $(SAMPLE)

spark: .venv/installed build/spark/installed ## run the tests of Spark, which needs Java and has a lock of its own
	@PYTHONPATH=$$(echo $(CURDIR)/build/spark/lib/python3*/site-packages) MPI_SPARK=required \
	    $(BIN)/python -m pytest -q tests/distributed/test_spark.py --durations=5 --durations-min=1

lint: .venv/installed ## check format and lint
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: .venv/installed ## check types
	@$(BIN)/mypy

scripts: node_modules/installed ## check types of the interactive map's scripts, which needs node and npm; installs the YAML language server of the tests
	@node_modules/.bin/tsc

# A fault or warning of any page ends it. Notebooks run once for all languages, in what this build makes.
LANGUAGES := en es fr pt
docs: .venv/installed ## build the documentation of every language into build/docs
	@rm -rf build/docs build/docs-work
	@set -e; for language in $(LANGUAGES); do \
	    $(BIN)/python -m sphinx -q -W --keep-going -n -t $$language -c docs -d build/docs-work/$$language \
	        docs/en build/docs/$$language; done
	@cp docs/index.html build/docs/index.html
	@rm -rf build/docs/jupyter_execute
	@echo "open build/docs/index.html"

catalogues: .venv/installed ## bring the texts of every language, the manual's keys, and configs/schemas, up to date with the code
	@$(BIN)/python -m mpi.language
	@$(BIN)/python -m mpi.config.schemas

bench: .venv/installed ## run the benchmarks, the race of 100,000 and 1,000,000 persons, and whole publications
	@$(BIN)/python -m pytest benchmarks -q --benchmark-columns=median,min,rounds
	@$(BIN)/python -m benchmarks.census.race --sizes 1e5 1e6
	@$(BIN)/python -m benchmarks.publishing --table

# Equal sources give equal files: the time in the archives is that of the last commit, and the second build proves it.
dist: export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2> /dev/null || echo 1577836800)
dist: .venv/installed ## build dist/*.whl, with the compiled kernels of this kind of machine, and dist/*.tar.gz, twice
	@rm -rf dist build/dist-again
	@for folder in dist build/dist-again; do \
	    $(BIN)/python -m mpi.kernels.building mpi/kernels > /dev/null && \
	    $(BIN)/python -m hatchling build -d $$folder > /dev/null 2>&1 || exit 1; done
	@diff -r dist build/dist-again
	@rm mpi/kernels/*.kernels
	@ls dist/*

sample-data: .venv/installed ## write sample_data/ anew
	@$(BIN)/python -m mpi.synthetic sample_data

# The machine's own wheel folders, mirrors and pip settings stay out: the locks hold the registry's versions and hashes.
# Spark comes as a source archive, whose build tool is locked with it; its bounds are those of the extra `spark`.
COMPILE = env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE=/dev/null CUSTOM_COMPILE_COMMAND="make lock" \
	    build/lock/bin/pip-compile -q --upgrade --no-strip-extras --generate-hashes --no-emit-index-url \
	    --no-emit-find-links --no-emit-trusted-host --no-emit-options
lock: .venv/python-is-new-enough ## resolve the locks of Python anew, needs the network
	@$(PYTHON) -m venv --clear build/lock
	@build/lock/bin/python -m pip -qq --disable-pip-version-check install pip-tools==7.6.2
	@$(COMPILE) --extra dev --extra docs -o requirements.lock pyproject.toml
	@build/lock/bin/python -m pip -qq --disable-pip-version-check install packaging
	@build/lock/bin/python -m tests.support.lowest > build/lock/lowest.in
	@$(COMPILE) --no-annotate -o requirements-lowest.lock build/lock/lowest.in
	@{ sed -n 's/^spark = \["\(.*\)"\]$$/\1/p' pyproject.toml; echo setuptools; } > build/lock/spark.in
	@$(COMPILE) --allow-unsafe --no-annotate -o requirements-spark.lock build/lock/spark.in

clean: ## remove all that make has made
	@rm -rf build dist node_modules .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks .coverage
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/python-is-new-enough:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "mpi needs Python 3.11 or newer, but $(PYTHON) is $$($(PYTHON) --version 2>&1)" >&2; \
	    echo "  name a newer one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@mkdir -p .venv
	@touch $@

.venv/locked: requirements.lock .venv/python-is-new-enough
	@echo "installing the locked packages into .venv (once, about a minute)" >&2
	@$(PYTHON) -m venv .venv
	@$(PIP) install --require-hashes -r requirements.lock
	@touch $@

.venv/installed: pyproject.toml .venv/locked
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

# Python compiles what the tests import, a third of all that is installed; the rest would be half of the time of pip.
build/lowest/installed: requirements-lowest.lock pyproject.toml
	@echo "installing the lowest versions into build/lowest (once, about a minute)" >&2
	@$(PYTHON) -m venv --clear build/lowest
	@build/lowest/bin/python -m pip -qq --disable-pip-version-check install --no-compile --require-hashes \
	    -r requirements-lowest.lock
	@build/lowest/bin/python -m pip -qq --disable-pip-version-check install --no-deps --no-build-isolation -e .
	@touch $@

# Without isolation the build takes no tool that is not in the lock.
build/spark/installed: requirements-spark.lock .venv/python-is-new-enough
	@echo "building Spark in build/spark (once, about a minute and 460 MB of download)" >&2
	@$(PYTHON) -m venv --clear build/spark
	@awk '/^[A-Za-z]/ { keep = !/^pyspark==/ } keep' requirements-spark.lock > build/spark/tools.lock
	@build/spark/bin/python -m pip -qq --disable-pip-version-check install --require-hashes -r build/spark/tools.lock
	@build/spark/bin/python -m pip -qq --disable-pip-version-check install --require-hashes --no-build-isolation \
	    -r requirements-spark.lock
	@touch $@

# As in the locks of Python: versions and hashes, which npm checks, and no address.
node_modules/installed: package.json package-lock.json
	@npm ci --loglevel=error --no-audit --no-fund
	@touch $@
