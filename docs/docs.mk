# SPDX-License-Identifier: Apache-2.0
#
# The register map as HTML for people: $(DOCS)/registers and, for the orders in the stream RAM, $(DOCS)/stream_ram. The pages
# load their parts by script, which browsers allow for pages from a server only.
DOCS := $(BUILD)/docs

$(DOCS)/registers/index.html: $(RDL)
	$(BIN)/peakrdl html $< -t sluice_regs --title "Sluice registers" -o $(@D)
$(DOCS)/stream_ram/index.html: $(RDL)
	$(BIN)/peakrdl html $< -t stream_ram_map --title "Sluice stream RAM" -o $(@D)

.PHONY: docs run-docs
docs: setup
	$(MAKE_INSIDE) run-docs
run-docs: $(DOCS)/registers/index.html $(DOCS)/stream_ram/index.html
	@echo "read them with: $(PY) -m http.server -d $(DOCS)"
