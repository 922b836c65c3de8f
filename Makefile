# What can be done with this repository; `make help` lists it. Nothing is installed outside the checkout.

PYTHON ?= python3
UV = .venv/bin/uv
TESTS ?= tests
# The SAM CLI and the emulator have dependencies of their own, which must neither bend ours nor hide what the layer lacks.
SETUP = .venv/.ready .venv-sam/.ready .venv-cloud/.ready

LAYER_PYTHON = $(patsubst python%,%,$(RUNTIME))
LAYER_PLATFORM = $(if $(filter arm64,$(ARCHITECTURE)),aarch64,x86_64)-manylinux_2_28
RUNTIME ?= python3.13
ARCHITECTURE ?= arm64

export SAM_CLI_TELEMETRY = 0
.DELETE_ON_ERROR:
.PHONY: help setup chromium run invoke smoke test coverage test-fast kills drill rehearse chaos chaos-mutants contract fuzz \
	lint types permissions canaries sbom reproducible checkov audit bench bench-quick lock build clean

help: ## Lists the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile

setup: $(SETUP) ## Makes the virtual environments (seconds the second time)

chromium: ## Sees to it that there is a browser for the console's tests; nothing else needs one
	@sh requirements/check_chromium.sh

run: $(SETUP) ## Starts the local cloud and plays two nights; ONCE=1 ends after them, SIZE= and PORT= choose
	@.venv/bin/python -m local_cloud.run

invoke: $(SETUP) ## One event for one function as built, without Docker: FUNCTION=SyncWorker EVENT=sqs_task, while `make run` serves
	@.venv/bin/python -m local_cloud.invoke

smoke: $(SETUP) ## Tries the whole in your AWS account and deletes it again: STACK=; says first what it costs. WHERE=local: on the local cloud
	@.venv/bin/python -m local_cloud.smoke

test: $(SETUP) chromium ## Runs every test, the deployed ones included; TESTS= chooses
	.venv/bin/pytest -n auto $(TESTS)

coverage: $(SETUP) chromium ## The same with the lines that no test reaches; measuring doubles the engine tests' time
	.venv/bin/pytest -n auto --cov --cov-report=term:skip-covered $(TESTS)

test-fast: .venv/.ready chromium ## Runs what needs neither the local cloud nor moto: some minutes
	.venv/bin/pytest -n auto -m "not cloud and not moto" $(TESTS)

kills: $(SETUP) ## Kills real processes at every fault point on the local cloud; ROUNDS= chooses how often (54: a quarter of an hour)
	@.venv/bin/python -m local_cloud.kills

drill: $(SETUP) ## Loses and restores both tables on the local cloud with the operators' commands, and times each step
	@.venv/bin/python -m local_cloud.drill

rehearse: .venv/.ready ## Plays the twelve failures of docs/recovery.md in a simulated region and prints the table
	@.venv/bin/python -m tests.recovery

chaos: .venv/.ready ## Simulates 10,000 schedules of faults; SEEDS= how many, FIRST= from where, SEED= TRACE=1 one again
	@.venv/bin/python -m tests.chaos

chaos-mutants: .venv/.ready ## Plants thirty bugs and counts the schedules that find each; ONLY=, FIRST=, MOST= choose
	@.venv/bin/python -m tests.chaos.mutants

contract: .venv/.ready ## Holds every connector to the contract, over HTTP against its simulator, and prints the table
	@.venv/bin/python -m tests.contract

fuzz: $(SETUP) ## Asks the deployed local cloud whatever its OpenAPI document allows, and more; SEED=, EXAMPLES=, SECONDS= choose
	@.venv/bin/python -m tests.fuzz

lint: $(SETUP) ## Checks style, formatting, import directions and the template
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/lint-imports
	.venv/bin/openapi-spec-validator docs/openapi.json
	.venv/bin/python -m tests.integration.api.openapi_style
	.venv/bin/cfn-lint template.yaml
	.venv-sam/bin/sam validate --lint --region eu-central-1

permissions: .venv/.ready ## Plays what the functions do and prints what each role grants and what was used of it
	@.venv/bin/python -m tests.security.permissions

canaries: .venv/.ready ## Plants secrets and people at every vendor and prints where they were looked for and found
	@.venv/bin/python -m tests.security.canaries

sbom: .venv/.ready ## Writes what each artefact is made of (CycloneDX) to build/sbom
	@.venv/bin/python -m tests.security.bill_of_materials

reproducible: $(SETUP) ## Builds all artefacts twice under other circumstances and compares them byte for byte
	@.venv/bin/python -m tests.security.reproducible

checkov: .venv-audit/.ready ## Has checkov look at the template; .checkov.yaml says what is passed over, and why
	.venv-audit/bin/checkov --config-file .checkov.yaml

audit: .venv-audit/.ready ## Asks the advisory database about every package; fails where it cannot be asked
	@.venv/bin/python -m tests.security.advisories

types: .venv/.ready ## Checks the types
	.venv/bin/mypy

bench: $(SETUP) .venv-bench/.ready ## Measures speed, cost and memory beside the peers: an hour; ONLY= chooses parts
	@.venv/bin/python -m benchmarks.run $(if $(ONLY),--only $(ONLY))

bench-quick: $(SETUP) .venv-bench/.ready ## The same at smaller sizes, in about two minutes
	@.venv/bin/python -m benchmarks.run --quick

lock: .venv/.ready ## Resolves requirements/*.in again and pins what it finds
	@cd requirements && for name in bootstrap layer dev sam cloud bench audit; do \
		../$(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
			--no-annotate $$name.in --output-file $$name.txt || exit 1; \
	done

build: $(SETUP) ## Builds what `sam deploy` deploys; RUNTIME= and ARCHITECTURE= as in the template
	UV=$(UV) LAYER_PYTHON=$(LAYER_PYTHON) LAYER_PLATFORM=$(LAYER_PLATFORM) .venv-sam/bin/sam build --region eu-central-1 \
		--parameter-overrides Runtime=$(RUNTIME) Architecture=$(ARCHITECTURE)

clean: ## Removes what these targets have made
	rm -rf .venv .venv-sam .venv-cloud .venv-bench .venv-audit .aws-sam build .pytest_cache .mypy_cache .ruff_cache \
		.import_linter_cache .hypothesis .coverage .coverage.*
	find benchmarks client functions layers local_cloud operations simulators tests -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.uv: requirements/bootstrap.txt
	@sh requirements/check_tools.sh "$(PYTHON)"
	@"$(PYTHON)" -m venv --clear .venv
	@.venv/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --requirement $<
	@touch $@

.venv/.ready: .venv/.uv requirements/dev.txt pyproject.toml
	@sh requirements/install.sh .venv requirements/dev.txt
	@$(UV) pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
	@touch $@

.venv-sam/.ready: .venv/.uv requirements/sam.txt
	@sh requirements/install.sh .venv-sam requirements/sam.txt
	@touch $@

.venv-cloud/.ready: .venv/.uv requirements/cloud.txt
	@sh requirements/install.sh .venv-cloud requirements/cloud.txt
	@touch $@

.venv-bench/.ready: .venv/.uv requirements/bench.txt
	@sh requirements/install.sh .venv-bench requirements/bench.txt
	@touch $@

.venv-audit/.ready: .venv/.uv requirements/audit.txt
	@sh requirements/install.sh .venv-audit requirements/audit.txt
	@touch $@
