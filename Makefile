# Set-up, build, tests and the demonstration. `make help` lists the targets.

packages = libpng-dev liblinear-dev libturbojpeg0-dev libwebp-dev libssl-dev libmicrohttpd-dev \
  pkg-config
sudo = $(shell [ "$$(id -u)" = 0 ] || echo sudo)
tool = .build/release/facewarden
# The Python of the comparison: one with torch, onnxruntime, onnx and numpy may be given instead.
environment = build/benchmark-environment
PYTHON = $(environment)/bin/python

.PHONY: help setup build test format-check demo benchmark clean

help:
	@echo "make demo          install what is needed, build, judge the samples"
	@echo "make test          install what is needed, run all the tests"
	@echo "make format-check  the formatter's strict lint"
	@echo "make benchmark     time the engine, and compare it with PyTorch and onnxruntime"
	@echo "                   (PYTHON=... takes a Python that has them, arguments=... narrows it)"

setup:
	@dpkg -s $(packages) >/dev/null 2>&1 || \
	  ($(sudo) apt-get update -q && $(sudo) apt-get install -qy $(packages))

build: setup
	swift build -c release --product facewarden

test: setup
	swift build --build-tests
	swift test --skip-build --parallel

format-check:
	swift format lint -r --strict Sources Tests Package.swift

demo: build
	@for pair in genuine impostor adversarial; do \
	  echo "\$$ facewarden verify --aligned samples/$$pair-probe.png samples/$$pair-reference.png"; \
	  $(tool) verify --aligned samples/$$pair-probe.png samples/$$pair-reference.png; \
	  echo "exit status $$?"; echo; \
	done

benchmark: setup $(PYTHON)
	swift build -c release --product Benchmarks
	@mkdir -p build
	$(PYTHON) Tests/Benchmarks/compare.py --isa avx2 --json build/benchmark.json $(arguments)

$(environment)/bin/python:
	python3 -m venv $(environment)
	$(environment)/bin/pip install --quiet torch onnxruntime onnx numpy || \
	  (rm -rf $(environment); false)

clean:
	rm -rf .build
