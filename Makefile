# The commands of the project; `make help` lists them. Recipes are short: what takes more than a line stands in scripts/.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.NOTPARALLEL:
.DEFAULT_GOAL := help

STEP := scripts/step.sh
PATIENT ?= examples/data/patient.fhir.json

.PHONY: help demo test bench fmt lint docs clean test-rust readme licences

help: ## list the commands
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

demo: ## set everything up and run the main job on the fictional patient (PATIENT=file for another record)
	@scripts/demo.sh $(PATIENT)

test: ## set everything up and run every check in every language
	@$(STEP) --begin
	@$(MAKE) --no-print-directory lint test-rust readme licences
	@$(STEP) --summary

bench: ## measure: build cost, then the benchmarks, as ratios within one run
	@scripts/measure-build.sh

fmt: ## format the sources
	cargo fmt --all

lint: ## formatting and lints
	@$(STEP) "rust: format" cargo fmt --all --check
	@$(STEP) "rust: lints" cargo clippy --quiet --workspace --all-targets -- -D warnings

test-rust: ## unit, property, contract and documentation tests of the core
	@$(STEP) "rust: tests and doctests" cargo test --workspace

docs: ## write the generated pages and build the reference
	@$(STEP) "docs: generated pages" env CHARTKEEPER_WRITE=1 cargo test -p chartkeeper-tests --test pages
	@$(STEP) "docs: reference" env RUSTDOCFLAGS="-D warnings" cargo doc --no-deps -p chartkeeper

readme: ## the README's examples print what it shows
	@$(STEP) "readme: rust" scripts/readme.sh README.md examples/rust/src/bin/quickstart.rs \
	  cargo run --quiet -p chartkeeper-examples --bin quickstart

licences: ## licences, bans and sources of all dependencies
	@$(STEP) "dependencies: licences and bans" scripts/licences.sh

clean: ## remove what was built or downloaded here
	rm -rf target .cache .venv bindings-node/node_modules bindings-swift/.build
