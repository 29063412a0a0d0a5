# Every target sets up what it needs; `make demo` and `make test` work on a fresh machine with Swift 6.3 and a C compiler.

DATA ?= $(CURDIR)/.cache/data
SWIFT ?= swift
BUILD := $(SWIFT) build -c release --static-swift-stdlib --product martlet
BIN = .build/release/martlet

.PHONY: all setup build demo demo-full data reference reference-docs test conformance ratchet operators bench lint format fuzz sanitize clean

all: build

setup:
	@scripts/setup

build: setup
	@$(BUILD)

# The small model over the committed sample: no download.
demo: build
	@scripts/demo $(BIN)

# The cascade of two models over 23,703 real texts; downloads about 190 MB once.
demo-full: build data
	@scripts/demo-full $(BIN) $(DATA)

data:
	@scripts/fetch $(DATA)

# Expected results from reference implementations, for tests on real data.
reference: data
	@scripts/reference/run $(DATA)

# Unit, script and example tests; on real data too where it can be fetched.
test: setup
	@scripts/test $(DATA)

# All ONNX node cases and all 23,703 rows through both encoders: long.
conformance: setup reference
	@scripts/conformance $(DATA)

# Lists anew which ONNX cases pass, after work on operators.
ratchet: setup
	@scripts/ratchet $(DATA)

# Writes docs/onnx-operators.md from the table of operators and the standard's own description.
operators: build
	@scripts/operators $(BIN) $(DATA)

# Writes docs/reference from the tables of the language.
reference-docs: setup
	@MARTLET_UPDATE=1 $(SWIFT) test --filter ReferenceDocumentTests

bench: build data
	@benchmarks/run $(DATA)

lint:
	@$(SWIFT) format lint --strict -r Sources Tests Fuzz examples Package.swift

format:
	@$(SWIFT) format -i -r Sources Tests Fuzz examples Package.swift

# Ten minutes for each fuzz target.
fuzz: setup
	@Fuzz/run all 600

# All tests in debug form under AddressSanitizer, those with threads under ThreadSanitizer.
sanitize: setup
	@scripts/sanitize all

clean:
	@rm -rf .build .build-*
