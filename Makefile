# The two commands are `make run` and `make test`; `make help` names the others.
PYTHON ?= python3
PORT ?= 8000
MEMBERS ?= 200
BIN := .venv/bin
export ALUMNI_ENV ?= development
export PORT

.DEFAULT_GOAL := help
.PHONY: help run test check e2e bench bench-roster demo weight lock migration translations clean

help:  ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: .venv/run.stamp translations/.compiled  ## the product at http://127.0.0.1:8000, with worker, mail folder and a demo world
	@$(BIN)/python -m alumni.serve

test: .venv/dev.stamp translations/.compiled  ## every test, on SQLite and PostgreSQL, and in Chromium
	@$(BIN)/python -m pytest -n 2 --dist loadgroup $(ARGS)

check: .venv/dev.stamp translations/.compiled  ## format, lint, types, import contracts, templates, translations
	@$(BIN)/ruff format --check -q .
	@$(BIN)/ruff check -q .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-cache >.venv/imports.log || { cat .venv/imports.log; exit 1; }
	@$(BIN)/djlint --lint --quiet templates
	@$(BIN)/python -m tests.translations

e2e: .venv/dev.stamp translations/.compiled  ## the journeys in Chromium
	@$(BIN)/python -m pytest tests/e2e $(ARGS)

bench: .venv/dev.stamp translations/.compiled  ## speed, as ratios to a bare Flask page measured in turn
	@$(BIN)/python -m bench $(ARGS)

bench-roster: .venv/dev.stamp translations/.compiled  ## a roster of 100,000 rows, as a ratio to the bare bulk insert of its rows
	@$(BIN)/python -m bench.roster $(ARGS)

weight: .venv/dev.stamp translations/.compiled  ## bytes and requests of a first visit, page by page
	@$(BIN)/python -m bench.weight

demo: .venv/run.stamp translations/.compiled  ## a demo world: make demo MEMBERS=100000
	@$(BIN)/flask --app alumni db upgrade
	@$(BIN)/flask --app alumni catalogue load
	@$(BIN)/flask --app alumni demo --members $(MEMBERS)

lock: .venv/dev.stamp  ## pins requirements*.in with hashes
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-strip-extras --exclude-newer "7 days" --no-header requirements.in -o requirements.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-strip-extras --exclude-newer "7 days" --no-header requirements-dev.in -c requirements.txt -o requirements-dev.txt

migration: .venv/run.stamp  ## make migration NAME="what changes": to be read and corrected by hand
	@$(BIN)/flask --app alumni db migrate -m "$(NAME)"

translations: .venv/dev.stamp  ## gathers new strings into translations/*.po
	@$(BIN)/pybabel -q extract -F babel.cfg -k _l -k lazy_gettext --no-location --sort-output -o translations/messages.pot .
	@$(BIN)/pybabel -q update -i translations/messages.pot -d translations --no-fuzzy-matching --ignore-pot-creation-date
	@$(BIN)/pybabel -q compile -d translations

clean:  ## removes what was made here, the database included
	rm -rf .venv instance translations/*/LC_MESSAGES/*.mo translations/.compiled

translations/.compiled: $(wildcard translations/*/LC_MESSAGES/messages.po) | .venv/run.stamp
	@$(BIN)/pybabel -q compile -d translations
	@touch $@

.venv/run.stamp: requirements.txt
	@test -d .venv || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt .venv/run.stamp
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
