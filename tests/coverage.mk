# SPDX-License-Identifier: Apache-2.0
#
# Branch coverage of fw/pldm and fw/mctp by the unit tests: `make coverage` writes $(BUILD)/coverage/index.html, prints each
# file's share and each line with a branch not taken, and fails below COVERAGE_LEAST percent. No line is excluded.
COVERAGE_LEAST := 95
COVERAGE := $(BUILD)/coverage
COVERAGE_CFLAGS := -std=c11 -O0 -g --coverage -I.
COVERAGE_AGENT_TESTS := agent_test agent_device_test agent_fd_test
COVERAGE_PROGRAMS := $(addprefix $(COVERAGE)/,$(PLDM_TESTS) $(COVERAGE_AGENT_TESTS))

$(PLDM_TESTS:%=$(COVERAGE)/%): $(COVERAGE)/%: tests/fw/%.c $(sort $(PLDM_TEST_MORE)) $(PLDM_TEST_SRC) $(PLDM_TEST_HEADERS)
$(COVERAGE_AGENT_TESTS:%=$(COVERAGE)/%): $(COVERAGE)/%: tests/host/%.c $(FAKE_SRC) tests/fw/fd_rig.c \
	$(wildcard fw/pldm/fd*.c) $(HOST_HEADERS)
$(COVERAGE_PROGRAMS):
	@mkdir -p $(@D)
	rm -f $@-*.gc*
	gcc $(COVERAGE_CFLAGS) $(filter %.c,$^) -o $@

# Counts of earlier runs would be added to those of this one.
$(COVERAGE)/coverage.json $(COVERAGE)/summary.json &: $(COVERAGE_PROGRAMS)
	rm -f $(COVERAGE)/*.gcda
	for t in $^; do $$t >$$t.log || { cat $$t.log; exit 1; }; done
	$(BIN)/gcovr --root . --filter 'fw/(pldm|mctp)/' --json $(COVERAGE)/coverage.json \
	  --json-summary $(COVERAGE)/summary.json --html-details $(COVERAGE)/index.html $(COVERAGE) >$(COVERAGE)/gcovr.log 2>&1 || \
	  { cat $(COVERAGE)/gcovr.log; exit 1; }

.PHONY: run-coverage
run-coverage: $(COVERAGE)/coverage.json
	@$(PY) tools/coverage.py $< --least $(COVERAGE_LEAST)
