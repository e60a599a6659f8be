# Everything that is done with a checkout, by name. `make` alone prints the list.

PORT ?= 8000
FOLDER ?= demo-data
DATA ?= ../shared/data/toxicity
python := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help setup demo test check format docs languages screenshots bench train encoder evaluate ablate lock clean

help: ## Print this list
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 20

setup: ## Make .venv with the locked packages; does nothing when they are there
	@dev/setup.sh dev

demo: setup ## Start the demo newspaper on http://127.0.0.1:8000 (PORT=8080 FOLDER=other for a second)
	@exec .venv/bin/belowline demo --port $(PORT) --folder "$(FOLDER)"

test: check ## Run the checks, then every test, on SQLite and on a private PostgreSQL
	@dev/system-packages.sh browser postgres
	@dev/test.sh

check: setup ## Lint, types, import contracts, templates, spelling, commit subjects
	@dev/check.sh

format: setup ## Put Python into the house's form
	@.venv/bin/ruff check --fix --quiet . || true
	@.venv/bin/ruff format .

docs: setup ## Write the generated parts of docs/reference anew
	@$(python) dev/docs.py

languages: setup ## Bring the catalogues of all languages up to date with the English words
	@$(python) dev/languages.py

screenshots: setup ## Take the pictures in docs/images anew
	@dev/system-packages.sh browser
	@BELOWLINE_SCREENSHOTS=docs/images $(python) -m pytest -q -n0 tests/browser/test_screenshots.py tests/browser/test_console_pictures.py

bench: setup ## Measure what is meant to be fast, beside an nginx
	@dev/system-packages.sh nginx postgres
	@dev/bench.sh

train: setup ## Teach the linear models in src/belowline/scoring/models anew (DATA=folder)
	@set -e; for language in en de; do $(python) -m training --data "$(DATA)" --language $$language; done

encoder: setup ## Teach the small transformer anew, in an hour or two; goes on where it was (DATA=folder)
	@.venv/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements/teaching.txt
	@$(python) -m training.encoder --data "$(DATA)"
	@$(python) -m training.encoder_export --data "$(DATA)"

evaluate: setup ## Measure the models on what they were not taught, and write the model card (DATA=folder)
	@$(python) -m training.card --data "$(DATA)" --write

ablate: setup ## Tell in the model card what each part of the linear model's teaching is worth (DATA=folder)
	@$(python) -m training.ablate --data "$(DATA)" --write

lock: setup ## Compile requirements/*.txt from *.in (UPGRADE=1 for the newest versions)
	@dev/lock.sh $(if $(UPGRADE),--upgrade)

clean: ## Remove what was made here: the environment, caches, the demo's data
	@dev/postgres.sh stop
	@rm -rf .venv .dev .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache demo-data bench/out
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
