# Two commands do everything on a fresh machine with Python 3.11 or newer: `make map` and `make test`.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3.14 python3 python; do \
	$$p -c 'import sys; sys.exit(not ((3,11) <= sys.version_info[:2] < (3,15)))' 2>/dev/null && { echo $$p; break; }; done)
VENV ?= .venv
BIN := $(VENV)/bin
export PYTHONDONTWRITEBYTECODE :=
READY := $(VENV)/.ready
WEB := $(shell find cfmap/publish/web/src cfmap/publish/web/icons -type f 2>/dev/null) $(wildcard cfmap/publish/web/package*.json cfmap/publish/web/*.css)

.PHONY: help map test check bench peers judge browser chromium lock demo clean
help:
	@echo "make map    build examples/monaco and the demo city, 2022-2024  (建地图)"
	@echo "make test   run all checks and tests                              (跑全部检查和测试)"
	@echo "make check  linters, types, import contracts                       (只做静态检查)"
	@echo "make browser  the page in a real Chromium, part of make test      (在真的浏览器里试页面)"
	@echo "make shake  the same on a slow phone, by chance                     (慢手机上再试)"
	@echo "make bench  speed as ratios against peers                          (速度比)"
	@echo "make bench-map  weight and speed of the public page               (页面的大小与快慢)"
	@echo "make ledger the demo city's targets, counted by status            (目标台账的各状态)"
	@echo "make faults the table of faults, row by row                       (故障表)"
	@echo "make privacy what the gate for personal data finds and misses          (个人信息关的查全与误报)"
	@echo "make crash  builds killed at 200 moments, failing disks             (中断和坏磁盘)"
	@echo "make surroundings  the same on an awkward computer                (换个环境也一样)"
	@echo "make fuzz   broken files of every kind, N=10000 for many              (乱改文件)"
	@echo "make encodings  made files in every encoding, counted             (编码读得对不对)"
	@echo "make validate  other programs' opinion of an edition's files       (用别的软件核对产物)"
	@echo "make bundle a zip for Windows without internet                    (离线包)"
	@echo "make audit  known vulnerabilities of the locked packages           (查漏洞)"
	@echo "make walking-bus  walking buses on random quarters, checked        (随机街区里排步行巴士)"
	@echo "make mending  the mending list against the scorer, every subset     (整改清单逐个子集核对)"
	@echo "make coordinates  wrong coordinates, told or not, counted         (坐标错能不能查出来)"
	@echo "make judge  a second engine walks the same pairs, docs/judge.md    (另一引擎核对)"

$(READY): requirements.lock pyproject.toml hatch_build.py $(WEB)
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11-3.14 / Python 3.11-3.14 is needed: https://www.python.org/downloads/"; exit 4; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "Python 缺少 venv 模块（Debian/Ubuntu：apt install python3-venv） / the venv module is missing"; exit 4; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements.lock  # what is imported is compiled then, a third of it
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $(READY)

map: $(READY)
	$(BIN)/cfmap build examples/monaco
	$(BIN)/cfmap build . --all-editions

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

chromium:
	@sh tests/browser/install.sh

.PHONY: web kernels
web: $(READY)  # the page's script and what its tests need, made once before several processes ask for it
	$(BIN)/python hatch_build.py --dev

kernels: $(READY)  # likewise what numba compiles: a build of Monaco needs most of it
	rm -rf .cache/kernels && $(BIN)/cfmap build examples/monaco --out $(CURDIR)/.cache/kernels

browser: $(READY) chromium web
	$(BIN)/python -m pytest tests/browser --numprocesses auto --dist loadfile

.PHONY: shake
shake: $(READY) chromium web  # browser tests with a page that is late at random (SEED), then with a test that rests before each step
	CFMAP_SHAKE=late:$(SEED) $(BIN)/python -m pytest tests/browser --numprocesses auto --dist loadfile --timeout 1800
	CFMAP_SHAKE=slow:200 $(BIN)/python -m pytest tests/browser --numprocesses auto --dist loadfile --timeout 1800

test: $(READY)
	$(MAKE) --no-print-directory --jobs=4 chromium web kernels check
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

bench: $(READY) peers
	$(BIN)/python -m benchmarks

.PHONY: bench-map
bench-map: $(READY)  # the public page: bytes, time to make it, time to open it on a slow phone, beside plain folium
	$(BIN)/python -m benchmarks.page

peers: $(READY)  # packages that only the benchmarks compare with, out of the product's environment
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade --target .cache/peers -r benchmarks/peers.txt

.PHONY: walking-bus
walking-bus: $(READY)  # walking buses on N=200 random quarters, every limit asked of the streets by an independent check
	BUS_INSTANCES=$(if $(filter command,$(firstword $(origin N))),$(N),200) $(BIN)/python -m pytest -q tests/unit/planning/test_walking_bus.py -k random --timeout 1800

.PHONY: mending
mending: $(READY)  # the mending list on N=20 random cases of up to eight actions, every subset of three tried out with the real scorer
	MENDING_CASES=$(if $(filter command,$(firstword $(origin N))),$(N),20) MENDING_ACTIONS=8 $(BIN)/python -m pytest -q tests/unit/planning/test_mending_brute.py --timeout 3600

judge: $(READY)
	$(BIN)/python -m judge

lock:  # nothing younger than a week: what is poisoned is mostly found and withdrawn by then
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet --exclude-newer "7 days" --output-file requirements.lock

demo: $(READY)
	$(BIN)/python data/_generator

clean:
	rm -rf $(VENV) .cache output/*/versions/*.part .mypy_cache .ruff_cache .pytest_cache

.PHONY: sample
sample: $(READY)  # the edition that is committed for visitors, byte for byte repeatable
	rm -rf .cache/sample && SOURCE_DATE_EPOCH=1735603200 $(BIN)/cfmap build . --out .cache/sample
	mkdir -p output/sample-2024 && cd .cache/sample/2024/versions/000001 && cp index.html indicators.json indicators.xlsx sites.parquet manifest.json $(CURDIR)/output/sample-2024/
	rm -rf .cache/sample

.PHONY: ledger
ledger: $(READY)  # how many targets of the demo city's plan are met, short, or cannot be told
	$(BIN)/cfmap targets . --summary

.PHONY: faults
faults: $(READY)  # the table of faults: each made in a small city, with its code, place and exit code
	$(BIN)/python -m pytest -q tests/faults/table

.PHONY: crash
crash: $(READY)  # builds of a small city killed at random (N=200 SEED=1), every change of the disk failing once, two runs at once
	$(BIN)/python -m tests.faults.crash $(if $(filter command,$(firstword $(origin N))),$(N),200) $(SEED)

.PHONY: surroundings
surroundings: $(READY)  # what reads files and speaks, once more on an awkward computer: no network, code page 936, New York's time, no locale
	env PYTHONIOENCODING=gbk TZ=America/New_York LANG=C LC_ALL=C $$(unshare -rn true 2>/dev/null && echo unshare -rn) $(BIN)/python -m pytest -q -m surroundings

.PHONY: privacy
privacy: $(READY)  # how much personal data the gate finds and what it takes for it wrongly: N=20000 SEED=1, the table of docs/privacy.md
	$(BIN)/python -m tests.privacy $(if $(filter command,$(firstword $(origin N))),$(N),20000) $(SEED)

.PHONY: bundle
TARGET ?= windows
bundle: $(READY)  # a zip for TARGET=windows, macos or linux that needs no internet and no rights; in dist/
	SOURCE_DATE_EPOCH=1735603200 $(BIN)/python -m bundle $(TARGET)

.PHONY: audit
audit: $(READY)  # known vulnerabilities of what is locked; needs the advisory service, which a registry mirror does not have
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade --target .cache/audit pip-audit
	PYTHONPATH=.cache/audit $(BIN)/python -m pip_audit --strict --require-hashes --disable-pip -r requirements.lock

.PHONY: fuzz
N ?= 500
SEED ?= 1
fuzz: $(READY)  # broken files of every kind; goes on where it stopped, findings in .cache/fuzz
	$(BIN)/python -m tests.fuzz $(N) $(SEED)

.PHONY: encodings
encodings: N = 10000
encodings: $(READY)  # made CSV and .dbf in every encoding: right, in doubt, refused, silently wrong; docs/intake-proofs.md
	$(BIN)/python -m tests.proofs.encodings $(N) $(SEED) --write

.PHONY: coordinates
coordinates: N = 20
coordinates: $(READY)  # every coordinate mistake made N times and told, right tables left alone, datums there and back; docs/intake-proofs.md
	$(BIN)/python -m tests.proofs.coordinates $(N) $(SEED) --write

.PHONY: validate
validate: $(READY)  # GeoParquet and GeoPackage validators, QGIS, LibreOffice: VERSION=output/2024/versions/000001, Monaco without it
	$(BIN)/python -m validate $(VERSION)
