# Everything runs in .venv, which is made from requirements.lock and never has to be activated.
# `make` alone lists the commands.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

PYTHON ?= python3
EDITION ?= demo
# Every process of the tests needs up to 1.5 GB.
TEST_PROCESSES ?= 4

VENV_PYTHON := .venv/bin/python
CLIENTINDEX := .venv/bin/clientindex
STAMP := .venv/.stamp
SPARK_STAMP := .venv/.spark-stamp
SPARK_TESTS := .venv-spark

# Small matrices get slower, not faster, with more threads of the linear algebra libraries.
export OMP_NUM_THREADS ?= 2
export OPENBLAS_NUM_THREADS ?= 2
export MKL_NUM_THREADS ?= 2
export NUMBA_NUM_THREADS ?= 2

.PHONY: help setup spark demo data validate analysis report publish regions passports verify backtest repro-pack compare rap golden accept test test-spark check bench load bars lock clean

help: ## List the commands
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))
	@echo
	@echo "  EDITION=name takes editions/name.yml, or give a path to a .yml (now: $(EDITION))."
	@echo "  TEST_PROCESSES=1 tests in fewer processes than there are processors (now at most $(TEST_PROCESSES))."
	@echo "  PYTHON=python3.12 takes another Python to make .venv from (now: $(PYTHON))."

setup: $(STAMP) ## Make or update the environment .venv from requirements.lock

$(STAMP): requirements.lock pyproject.toml scripts/setup_environment.sh
	@bash scripts/setup_environment.sh "$(PYTHON)"
	@touch $@

spark: $(SPARK_STAMP) ## Add PySpark to .venv, for runs with --engine spark (456 MB to fetch; needs Java 17 or newer)

# It depends on the other stamp, since uv takes out of .venv what requirements.lock does not name.
$(SPARK_STAMP): $(STAMP) requirements-spark.lock scripts/setup_spark.sh
	@bash scripts/setup_spark.sh
	@touch $@

# PySpark beside .venv: what is tested there without Spark does not get slower by it.
$(SPARK_TESTS)/.stamp: $(STAMP) requirements-spark.lock scripts/setup_spark.sh
	@bash scripts/setup_spark.sh $(SPARK_TESTS)
	@touch $@

demo: $(STAMP) ## Simulate the demo data and those of the year before (refuses to overwrite; FORCE=1 overwrites)
	@$(CLIENTINDEX) simulate demo $(if $(FORCE),--force)
	@$(CLIENTINDEX) simulate demo-2025 $(if $(FORCE),--force)

data: $(STAMP)
	@$(VENV_PYTHON) scripts/ensure_data.py "$(EDITION)"

validate: data ## Check the settings and the data of an edition, list every fault
	@$(CLIENTINDEX) validate "$(EDITION)"

analysis: data ## Execute the notebooks of analysis/ on an edition
	@$(CLIENTINDEX) run "$(EDITION)"
	@$(VENV_PYTHON) scripts/run_notebooks.py "$(EDITION)"

report: data ## Compute an edition and render its documents and tables
	@$(CLIENTINDEX) report "$(EDITION)"

publish: $(STAMP) ## Lock an edition once its documents are published (then a change needs a note of revision)
	@$(CLIENTINDEX) edition lock "$(EDITION)"

regions: data ## Write a report of every region as HTML and PDF (REGION="name" takes one, OUT=folder writes elsewhere)
	@$(CLIENTINDEX) regions "$(EDITION)" $(if $(REGION),--region "$(REGION)") $(if $(OUT),--output "$(OUT)")

passports: data ## Write a page of every centre as PDF (OUT=folder writes elsewhere; what is there is kept)
	@$(CLIENTINDEX) passports "$(EDITION)" $(if $(OUT),--output "$(OUT)")

verify: $(STAMP) ## Rebuild an edition and compare it with what was published (AGAINST=folder or pack.zip takes another publication)
	@$(CLIENTINDEX) verify "$(EDITION)" $(if $(AGAINST),--against "$(AGAINST)")

backtest: $(STAMP) ## Rebuild the edition before with today's program and explain what differs (AGAINST=what was published of it)
	@$(CLIENTINDEX) backtest "$(EDITION)" $(if $(AGAINST),--against "$(AGAINST)")

repro-pack: $(STAMP) ## Pack all that a reviewer needs into one ZIP file (OUT=file.zip writes elsewhere; run report first)
	@$(CLIENTINDEX) repro-pack "$(EDITION)" $(if $(OUT),--output "$(OUT)")

compare: data ## Compare two methodologies on an edition (OLD=old.yml NEW=new.yml; OUT=folder takes the page and the tables)
	@test -n "$(OLD)" -a -n "$(NEW)" || { echo "make compare needs two methodology files: make compare OLD=methodology/2026.yml NEW=methodology/2027.yml EDITION=demo" >&2; exit 2; }
	@$(CLIENTINDEX) compare "$(OLD)" "$(NEW)" --edition "$(EDITION)" $(if $(OUT),--document "$(OUT)" --csv "$(OUT)")

rap: $(STAMP) ## Print the checklist of a reproducible publication, pass or fail by what is there (CSV=file)
	@$(CLIENTINDEX) rap "$(EDITION)" $(if $(CSV),--csv "$(CSV)")

golden: $(STAMP) ## Compare the tables that were published with golden results of tests/golden
	@$(CLIENTINDEX) golden compare "$(EDITION)"

accept: $(STAMP) ## Accept changed numbers as golden results and say why in CHANGELOG.md (WHY="reason")
	@$(CLIENTINDEX) golden accept "$(EDITION)" --why "$${WHY:-}"

# A file stays in one process, since its tests share what is computed once.
test test-spark: export OMP_NUM_THREADS = 1
test test-spark: export OPENBLAS_NUM_THREADS = 1
test test-spark: export MKL_NUM_THREADS = 1
test test-spark: export NUMBA_NUM_THREADS = 1
test: $(STAMP) ## Run the tests, one process a processor
	@$(VENV_PYTHON) -m pytest -n logical --maxprocesses $(TEST_PROCESSES) --dist loadfile
	@if [[ -e $(SPARK_TESTS)/.stamp ]]; then $(MAKE) --no-print-directory test-spark; fi

test-spark: $(SPARK_TESTS)/.stamp ## Run the tests that need PySpark and Java, in an environment beside .venv
	@$(SPARK_TESTS)/bin/python -m pytest -m spark -n logical --maxprocesses 2 --dist loadfile tests/streaming tests/pipeline/test_spark_run.py

check: $(STAMP) ## Check style, layout and types (ruff, mypy --strict)
	@$(VENV_PYTHON) -m ruff check .
	@$(VENV_PYTHON) -m ruff format --check .
	@$(VENV_PYTHON) -m mypy

bench: $(STAMP) ## Measure beside peers for an hour and write docs/benchmarks.md (AREA=counts takes one area, AREA=rating.ranks one quantity, QUICK=1 small sizes to build/benchmarks)
	@$(VENV_PYTHON) benchmarks/run.py $(AREA) $(if $(QUICK),--quick)

load: $(STAMP) ## Stream 100 million respondents made on the fly and write docs/load.md (ROWS=1000000 takes fewer)
	@$(VENV_PYTHON) benchmarks/load.py $(if $(ROWS),--rows $(ROWS))

bars: $(STAMP) ## Print timings beside limits of ours and beside peers, and simulations of a known truth
	@for script in $(filter-out benchmarks/run.py benchmarks/report.py benchmarks/load.py,$(wildcard benchmarks/*.py)); do echo "== $$script"; $(VENV_PYTHON) "$$script"; done

lock: ## Resolve both lock files anew from pyproject.toml (needs uv)
	@command -v uv >/dev/null || { echo "make lock needs uv on PATH; it is the tool that resolves the lock file for all platforms at once." >&2; exit 1; }
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --extra dev pyproject.toml -o requirements.lock --custom-compile-command "make lock"
	@# PySpark needs at most what is locked already, so its own lock holds nothing but PySpark and Py4J.
	@$(PYTHON) -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["spark"], sep="\n")' | uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --constraint requirements.lock - -o requirements-spark.lock --custom-compile-command "make lock"

clean: ## Remove what the program wrote and all caches; data_raw and .venv stay
	@find data_processed -mindepth 1 -maxdepth 1 ! -name README.md -exec rm -rf {} +
	@find src tests scripts benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis build
