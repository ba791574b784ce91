# The commands of the project; `make help` lists them. Recipes are short: what takes more than a line stands in scripts/.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.NOTPARALLEL:
.DEFAULT_GOAL := help

STEP := scripts/step.sh
# Property tests try the same cases for everybody; `make soak` looks for new ones.
export PROPTEST_RNG_SEED ?= 1
PATIENT ?= examples/data/patient.fhir.json

.PHONY: help demo test soak bench fmt lint docs clean data data-check test-rust test-python test-node test-swift readme generated licences

help: ## list the commands
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

demo: ## set everything up and run the main job on the fictional patient (PATIENT=file for another record)
	@scripts/demo.sh $(PATIENT)

test: ## set everything up and run every check in every language
	@$(STEP) --begin
	@$(MAKE) --no-print-directory lint test-rust data-check test-python test-node test-swift readme generated licences
	@$(STEP) --summary

soak: ## the property tests on new random cases, 20 times as many (some minutes)
	@$(STEP) "rust: properties on new cases" env -u PROPTEST_RNG_SEED PROPTEST_CASES=8000 cargo test -p chartkeeper --lib

bench: ## measure: every benchmark, as ratios within one run, then the cost of the build
	@scripts/bench.sh

fmt: ## format the sources
	cargo fmt --all

lint: ## formatting and lints
	@$(STEP) "rust: format" cargo fmt --all --check
	@$(STEP) "rust: lints" cargo clippy --quiet --workspace --all-targets -- -D warnings
	@$(STEP) "rust: lints of the core alone" cargo clippy --quiet -p chartkeeper -- -D warnings

test-rust: ## unit, property, contract and documentation tests of the core
	@$(STEP) "rust: tests and doctests" cargo test --workspace

docs: ## write the generated pages and build the reference
	@$(STEP) "docs: generated pages" env CHARTKEEPER_WRITE=1 cargo test -p chartkeeper-tests --test pages
	@$(STEP) "docs: reference" env RUSTDOCFLAGS="-D warnings" cargo doc --no-deps -p chartkeeper

data: ## compile the embedded packs from their published sources
	@$(STEP) "data: packs" scripts/data.sh

data-check: ## the embedded packs are what their sources compile to
	@$(STEP) "data: packs are up to date" scripts/data.sh --check

test-python: ## the Python binding: stubs, types, tests, vectors
	@$(STEP) "python: build" bindings-python/dev.sh
	@$(STEP) "python: lints, types, tests" bindings-python/test.sh

test-node: ## the Node binding: types, tests, vectors
	@$(STEP) "node: build, types, tests" scripts/node.sh

test-swift: ## the Swift binding: generated source, tests, vectors
	@$(STEP) "swift: tests" scripts/swift.sh test

readme: ## the examples of the README and the guide print what the pages show; the main job runs in every language
	@$(STEP) "readme: rust" scripts/readme.sh README.md examples/rust/src/bin/quickstart.rs \
	  cargo run --quiet -p chartkeeper-examples --bin quickstart
	@$(STEP) "guide: de-identification" scripts/readme.sh docs/guide/deidentification.md examples/rust/src/bin/deidentify.rs \
	  cargo run --quiet -p chartkeeper-examples --bin deidentify
	@$(STEP) "guide: release" scripts/readme.sh docs/guide/release.md examples/rust/src/bin/release.rs \
	  cargo run --quiet -p chartkeeper-examples --bin release
	@$(STEP) "readme: python" scripts/readme.sh README.md examples/python/quickstart.py \
	  .venv/bin/python examples/python/quickstart.py
	@$(STEP) "readme: python columns" scripts/readme.sh bindings-python/README.md examples/python/columns.py \
	  .venv/bin/python examples/python/columns.py
	@$(STEP) "readme: node" scripts/readme.sh README.md examples/node/quickstart.mjs \
	  node examples/node/quickstart.mjs
	@$(STEP) "readme: swift" scripts/readme.sh README.md examples/swift/Sources/Quickstart/main.swift \
	  scripts/swift.sh run examples/swift Quickstart
	@$(STEP) "main job: four languages agree" scripts/jobs.sh

generated: ## what is generated and committed is up to date
	@$(STEP) "generated files" scripts/generated.sh

licences: ## licences, bans and sources of all dependencies
	@$(STEP) "dependencies: licences and bans" scripts/licences.sh

clean: ## remove what was built or downloaded here
	rm -rf target .cache .venv bindings-node/node_modules bindings-swift/.build
