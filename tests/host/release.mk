# SPDX-License-Identifier: Apache-2.0
#
# What fwrelease and fwup read of releases, advisories and inventories.
HOST_JSON_SRC := host/json_read.c host/json_form.c host/file.c
$(eval $(call host_test,json_read_test,$(HOST_JSON_SRC)))
$(eval $(call host_test,calendar_test,$(filter-out $(HOST_PKG_SRC),$(HOST_NOTES_SRC)) host/text.c $(HOST_PKG_SRC)))
