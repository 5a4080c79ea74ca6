# Two commands matter: `make report` and `make test`. Each sets itself up in .venv when it is missing or out of date.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
BOOK ?= data/sample
MONTH ?=
OUT ?= reports
JOBS ?= 2
SEED ?= 1
NOTEBOOKS ?= notebooks
ENGINES := .venv-engines

.DEFAULT_GOAL := help
.PHONY: help report test lab sample lock clean bench format docs types mutants messages chinese engines soak

help:  ## what can be made here
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-8s %s\n", $$1, $$2}'

# uv installs the locked packages in a fifth of pip's processor time; where it cannot (an index that
# only pip's own configuration names), pip does. All is compiled here, once: where
# PYTHONDONTWRITEBYTECODE is set every process would compile its imports again.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "playbook needs Python 3.11 or newer; found $$($(PYTHON) --version). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "setting up $(VENV) from requirements.lock (once)"
	@awk '/^uv==/ {on = 1} on {print} on && !/\\$$/ {exit}' requirements.lock > $(VENV)/uv.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r $(VENV)/uv.lock
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock 2>/dev/null || \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q lib
	@touch $@

report: $(READY)  ## run a book's month (the sample's by default) and say where the PDF is
	@$(BIN)/playbook report --book $(BOOK) --out $(OUT) --jobs $(JOBS) $(if $(MONTH),--month $(MONTH))

test: $(READY)  ## run everything: unit, property, notebooks, golden text, rendered reports
	@$(BIN)/ruff check lib tests bench docs translation
	@$(BIN)/ruff format --check -q lib tests bench docs translation
	@$(BIN)/python -m compileall -q lib
	@$(BIN)/python -m pytest --nbval --nbval-current-env notebooks tests -q -n 2 --dist loadfile --no-loadscope-reorder

lab: $(READY)  ## open the notebooks in JupyterLab (NOTEBOOKS=DIR: working copies there)
	@$(BIN)/playbook lab $(NOTEBOOKS)

docs: $(READY)  ## write the reference pages to docs/_site
	@$(BIN)/python docs/build.py

types: $(READY)  ## count type errors by room against tests/types.json
	@$(BIN)/python -m pytest -q tests/test_types.py

messages: $(READY)  ## gather what is said, merge it into the catalogues of other languages, compile them
	@$(BIN)/python -m translation.catalogues $(ROOMS)

chinese: $(READY)  ## every chapter in Chinese over the whole sample: no English word, no other number (minutes)
	@CHINESE=all $(BIN)/python -m pytest -q tests/language

sample: $(READY)  ## write data/sample again, byte for byte
	@$(BIN)/playbook sample --out data/sample

lock: $(READY)  ## renew requirements.lock, the image's and environment.yml from pyproject.toml
	@$(BIN)/uv pip compile pyproject.toml --extra lab --extra dev --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate -q --upgrade -o requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --extra postgres --extra mysql --extra mssql --extra slides -c requirements.lock --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate -q -o docker/requirements.lock
	@echo hatchling | $(BIN)/uv pip compile - -c requirements.lock --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate -q -o docker/build.lock
	@$(BIN)/python -m playbook.report.environment requirements.lock environment.yml

bench: $(READY)  ## measure what the README claims about speed and memory (minutes)
	@$(BIN)/python -m bench.run

# Spark is large: it lies in an environment of its own that sees the other one's packages.
$(ENGINES)/.ready: $(READY)
	@echo "setting up $(ENGINES) with Spark (once; some 400 MB)"
	@$(BIN)/python -m venv --clear $(ENGINES)
	@$(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))' > "$$($(ENGINES)/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/playbook.pth"
	@$(ENGINES)/bin/python -m pip install --quiet --disable-pip-version-check --no-build-isolation -e '.[spark,dask]'
	@touch $@

engines: $(ENGINES)/.ready  ## try Spark and Dask on clusters of this machine (needs Java 17; minutes)
	@PLAYBOOK_ENGINES=1 $(ENGINES)/bin/python -m pytest -q tests/engines

soak: $(READY)  ## many packs unattended, killed, interrupted, twice at once, on a full disk (half an hour)
	@$(BIN)/python bench/soak.py

mutants: $(READY)  ## how many one-line changes the tests do not notice (half an hour; SEED=1)
	@$(BIN)/python -m bench.mutants --fresh --seed $(SEED)

format: $(READY)  ## format the code and strip the notebooks
	@$(BIN)/ruff check --fix -q lib tests bench docs translation; $(BIN)/ruff format -q lib tests bench docs translation; $(BIN)/playbook clean

clean:  ## remove .venv, caches and what benchmarks wrote; reports and working copies stay
	@rm -rf $(VENV) .venv-* .pytest_cache .ruff_cache .mypy_cache .hypothesis bench/out
	@find lib tests bench -name __pycache__ -type d -prune -exec rm -rf {} +
	@find notebooks -name .ipynb_checkpoints -type d -prune -exec rm -rf {} +
