# Set-up, build, tests and the demonstration. `make help` lists the targets.

packages = libpng-dev libopenblas-dev liblinear-dev libturbojpeg0-dev libjpeg62-turbo-dev libwebp-dev libssl-dev \
  libmicrohttpd-dev curl pkg-config
# What only tests need: the READMEs' examples read answers with jq, the page is looked at in a browser,
# the scripts and the Python package are tested with Debian's Python.
test_packages = jq chromium-headless-shell python3 python3-numpy python3-pytest mypy
sudo = $(shell [ "$$(id -u)" = 0 ] || echo sudo)
tool = .build/release/facewarden
# Debian's, which has Debian's numpy, whatever else PATH finds.
SYSTEM_PYTHON = /usr/bin/python3
# The Python of the comparison: one with torch and numpy may be given instead. It compares with
# onnxruntime and openvino if they are there, and onnx.
environment = build/benchmark-environment
PYTHON = $(environment)/bin/python
# The folder of what is measured; the repository's `results` is for what is published.
results = build/results

# Where `make install` puts things; DESTDIR is for packagers.
PREFIX = /usr/local

.PHONY: help setup setup-test setup-environments build test test-python test-smoke test-dependent test-debug \
  test-wheel coverage graph format-check \
  wheel demo train-demo paper benchmark benchmark-faces install fuzz soak sanitize clean

help:
	@echo "make demo          install what is needed, build, judge the samples"
	@echo "make train-demo    train small models from nothing on drawn people, a quarter of an hour at most"
	@echo "make test          install what is needed, run all the tests"
	@echo "make test-smoke    one operation, one layer, one verdict: under 10 s once built"
	@echo "make test-dependent   a program that depends on the package by its path"
	@echo "make coverage      all tests, and the lines of each module that they run through"
	@echo "make test-python   those in Python alone: the comparison's logic, python/"
	@echo "make wheel         the Python package with the library inside, for machines without Swift"
	@echo "make test-wheel    installs the wheel in a fresh environment and judges the samples"
	@echo "make test-debug    all the tests in a debug build, or those of filter=NAME, filter=engine"
	@echo "make graph         what each module imports, from its sources"
	@echo "make install       the tool, the models and the systemd unit (PREFIX=/usr/local)"
	@echo "make fuzz          mutated inputs for each decoder, seconds=600 each"
	@echo "make soak          serve under mixed load with faults, minutes=60"
	@echo "make sanitize      all tests under the address and the thread sanitizer"
	@echo "make format-check  the formatter's strict lint"
	@echo "make benchmark     time the engine, and compare it with PyTorch, onnxruntime and OpenVINO"
	@echo "                   (PYTHON=... takes a Python that has them, arguments=... narrows it);"
	@echo "                   reports go to build/results/benchmark; to publish one, on an idle"
	@echo "                   machine and a clean commit: make benchmark results=results"
	@echo "make paper faces=FACES.tar lfw=LFW   the paper's tables and figures by the shipped networks"
	@echo "make benchmark-faces frames=DIR   our face detector beside OpenCV's and MediaPipe's"

setup:
	@dpkg -s $(packages) >/dev/null 2>&1 || \
	  ($(sudo) apt-get update -q && $(sudo) apt-get install -qy $(packages))

setup-environments: setup
	@python3 -c 'import ensurepip' >/dev/null 2>&1 || \
	  ($(sudo) apt-get update -q && $(sudo) apt-get install -qy python3-venv)

build: setup
	swift build -c release --product facewarden

setup-test: setup
	@dpkg -s $(test_packages) >/dev/null 2>&1 || \
	  ($(sudo) apt-get update -q && $(sudo) apt-get install -qy --no-install-recommends $(test_packages))

# An import that the package does not declare builds only where the other module happens to be there
# already: it is an error here, before a fresh machine finds it.
import_check = --explicit-target-dependency-import-check error

# Tests run what ships: -enable-testing makes internal names visible and leaves optimisation and checks as
# they are. They take a quarter of their time in a debug build. The products lie apart, because the option
# would have everything compiled anew each time.
tested = -c release -Xswiftc -enable-testing --scratch-path .build/as-shipped

test: test-python
	swift build $(tested) --build-tests $(import_check)
	swift test $(tested) --skip-build --disable-xctest

# In a debug build, where lent memory is filled with what is no number: whoever reads before writing is found
# out. All tests, or those of `filter`; what computes and learns if it is `engine`.
engine = KernelSupportTests|KernelsTests|NeuralNetworksTests|EmbeddersTests|ReconstructionTests|ScreeningTests|EmbedderTrainingTests|IPGANTrainingTests|SmokeTests
test-debug: setup-test
	swift build --build-tests
	swift test --skip-build --disable-xctest $(if $(filter),--filter '$(if $(filter-out engine,$(filter)),$(filter),$(engine))')

# Within seconds, once the tests are built; in a debug build, which is quick to make again.
test-smoke: setup
	swift build --build-tests
	swift test --skip-build --disable-xctest --filter SmokeTests

# A program that depends on the package by its path. Its build shares the package's own folder, where
# almost all of it is compiled already.
test-dependent: setup
	swift build $(tested) --product facewarden $(import_check)
	Tests/Dependent/test.sh .build/as-shipped/release/facewarden $(tested)

# Lines that the tests run through, by module.
coverage: setup-test
	swift test --enable-code-coverage --parallel --scratch-path .build/coverage
	$(SYSTEM_PYTHON) -B Tests/coverage.py \
	  "$$(swift test --show-codecov-path --scratch-path .build/coverage)"

test-python: setup-test
	$(SYSTEM_PYTHON) -B -m unittest discover -s Tests/Benchmarks
	$(SYSTEM_PYTHON) -B -m unittest discover -s Tests -p 'test_coverage.py'
	swift build $(tested) --product facewarden_c $(import_check)
	FACEWARDEN_LIBRARY=$(CURDIR)/.build/as-shipped/release/libfacewarden_c.so \
	  $(SYSTEM_PYTHON) -B -m pytest -q -p no:cacheprovider Tests/PythonTests

wheel: setup-environments
	$(SYSTEM_PYTHON) -B python/build_backend/facewarden_build.py build

# Debian's numpy stands for the one that pip would fetch.
wheel_environment = build/wheel-environment
test-wheel: wheel setup-test
	rm -rf $(wheel_environment)
	$(SYSTEM_PYTHON) -m venv --system-site-packages $(wheel_environment)
	$(wheel_environment)/bin/pip install --quiet --no-index build/facewarden-*.whl
	$(wheel_environment)/bin/python -B Tests/PythonTests/readme_example.py

graph: setup
	@swift build --product Graph >&2
	@.build/debug/Graph

format-check:
	swift format lint -r --strict Sources Tests Package.swift

demo: build
	@for pair in genuine impostor adversarial; do \
	  echo "\$$ facewarden verify --aligned samples/$$pair-probe.png samples/$$pair-reference.png"; \
	  $(tool) verify --aligned samples/$$pair-probe.png samples/$$pair-reference.png; \
	  echo "exit status $$?"; echo; \
	done

# Small networks of people who do not exist: what is trained, attacked and measured are three
# different crowds (the seeds). The files stay in build/train-demo.
crowd = build/train-demo
with = --models $(crowd)/models
small = --widths 16,32,64,96,128 --convolutions 1,1,1,1,1 --embedding 64 --batch 32
train-demo: build
	rm -rf $(crowd)
	$(tool) data synthesize --people 400 --images 8 --seed 1 -o $(crowd)/people
	$(tool) data synthesize --people 150 --images 4 --seed 2 -o $(crowd)/strangers
	$(tool) data synthesize --people 50 --images 2 --seed 3 -o $(crowd)/others
	$(tool) train embedder $(with) --data $(crowd)/people --held-out 0.1 $(small) --epochs 16 \
	  --state $(crowd)/f_c.state
	$(tool) train embedder $(with) --data $(crowd)/people --held-out 0.1 $(small) --epochs 10 \
	  --name f_v --view grey-middle --seed 2 --state $(crowd)/f_v.state
	$(tool) train ipgan $(with) --data $(crowd)/people --held-out 0.1 --steps 900 --batch 16 \
	  --latent 32 --attribute-widths 16,32,32,64,64 --generator-widths 64,64,48,32,16,16 \
	  --discriminator-widths 16,16,32,48,64 --average-decay 0.98 --state $(crowd)/ip_gan.state
	$(tool) attack-set $(with) --pairs $(crowd)/strangers --limit 300 --thetas 0.4 -o $(crowd)/attacks
	$(tool) attack-set $(with) --pairs $(crowd)/others --limit 50 --thetas 0.4 -o $(crowd)/unseen
	$(tool) train detector $(with) --attack-set $(crowd)/attacks --bona-fide $(crowd)/strangers
	@echo; echo "What it can do:"
	$(tool) evaluate verification $(with) $(crowd)/strangers
	$(tool) evaluate reconstruction $(with) --data $(crowd)/people --held-out 0.1
	$(tool) evaluate adaptive $(with) --attack-set $(crowd)/unseen --pairs 12 --iterations 20

# Tables 2 and 3, Figures 3 to 9: faces= is what A and G were trained on, lfw= the folder of LFW, folder= that of the
# models, ipgans="ip_gan without_kl …" those of it to be set side by side. Sheets show the people of the data.
paper = build/paper
ipgans = ip_gan
folder = models
paper_models = --models $(folder) $(foreach name,$(ipgans),--ipgan $(name))
paper: build
	@[ -n "$(faces)" ] && [ -n "$(lfw)" ] || { echo "usage: make paper faces=FACES.tar lfw=LFW"; exit 64; }
	$(tool) evaluate generation $(paper_models) --data $(faces) --lfw $(lfw) -o $(paper)/tables-2-and-3
	$(tool) evaluate controlled --models $(folder) --ipgan $(firstword $(ipgans)) -o $(paper)/table-3-and-figure-8
	$(tool) evaluate attributes $(paper_models) --data $(faces) -o $(paper)/figure-4
	$(tool) evaluate reconstruction $(paper_models) --data $(faces) --lfw $(lfw) -o $(paper)/reconstruction
	$(tool) evaluate sheets $(paper_models) --data $(faces) --lfw $(lfw) -o $(paper)/figures-3-and-5-to-8
	@mkdir -p $(paper)/figure-9
	$(tool) attack --models $(folder) --aligned samples/impostor-probe.png samples/impostor-reference.png \
	  --theta 0.4 -o $(paper)/figure-9/adversarial.png --sheet $(paper)/figure-9/sheet.png

benchmark: setup $(PYTHON)
	swift build -c release --product Benchmarks
	$(PYTHON) Tests/Benchmarks/compare.py --isa avx2 --isa baseline --isa baseline+openblas \
	  --results $(results) $(arguments)

# Our face detector beside OpenCV's and MediaPipe's, on frames=DIR (lfw-frames.tar, wild-frames.tar).
faces_environment = build/faces-environment
benchmark-faces: setup $(faces_environment)/bin/python
	swift build -c release --product facewarden
	$(faces_environment)/bin/python Tests/Benchmarks/faces.py --frames $(frames) \
	  --json build/benchmark-faces.json $(arguments)

$(faces_environment)/bin/python: | setup-environments
	python3 -m venv $(faces_environment)
	$(faces_environment)/bin/pip install --quiet 'mediapipe==0.10.14' 'numpy<2' || \
	  (rm -rf $(faces_environment); false)

$(environment)/bin/python: | setup-environments
	python3 -m venv $(environment)
	$(environment)/bin/pip install --quiet torch onnxruntime openvino onnx numpy || \
	  (rm -rf $(environment); false)

# The Swift runtime goes into the tool: the machine that runs it needs only Debian's libraries.
install: setup
	swift build -c release --static-swift-stdlib --product facewarden
	install -D -m 755 $(tool) $(DESTDIR)$(PREFIX)/bin/facewarden
	install -d $(DESTDIR)$(PREFIX)/share/facewarden/models $(DESTDIR)$(PREFIX)/lib/systemd/system
	install -m 644 models/*.* $(DESTDIR)$(PREFIX)/share/facewarden/models
	sed 's|/usr/local|$(PREFIX)|g' packaging/facewarden.service \
	  > $(DESTDIR)$(PREFIX)/lib/systemd/system/facewarden.service
	[ -e $(DESTDIR)/etc/facewarden.json ] || \
	  install -D -m 644 packaging/facewarden.json $(DESTDIR)/etc/facewarden.json

soak: build
	python3 -B Tests/Soak/soak.py --tool $(tool) --models models --samples samples --minutes $(or $(minutes),60) \
	  --report build/soak.json

seconds = 600
fuzz: setup
	swift build -c release --product Fuzz
	@mkdir -p build
	@for target in png jpeg webp safetensors line multipart template onnx; do \
	  .build/release/Fuzz $$target --seconds $(seconds) --case build/fuzz-$$target || exit 1; \
	done

# All tests under the address and the thread sanitizer, each in a build of its own (half an hour each).
# XCTest, which would run nothing, leaks some bytes of its own.
sanitize: setup
	swift build --build-tests --sanitize=address --scratch-path .build/address
	LSAN_OPTIONS=suppressions=$(CURDIR)/Tests/leak-sanitizer.supp:print_suppressions=0 \
	  swift test --skip-build --disable-xctest --sanitize=address --scratch-path .build/address
	swift build --build-tests --sanitize=thread -Xswiftc -DTHREAD_SANITIZER --scratch-path .build/thread
	TSAN_OPTIONS=suppressions=$(CURDIR)/Tests/thread-sanitizer.supp \
	  swift test --skip-build --disable-xctest --sanitize=thread --scratch-path .build/thread

clean:
	rm -rf .build
