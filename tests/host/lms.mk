# SPDX-License-Identifier: Apache-2.0
LMS_SRC := fw/image/lms.c host/lms_soft.c
$(eval $(call host_test,lms_test,$(LMS_SRC),-lcrypto))
$(eval $(call host_test,lms_sign_test,host/lms_sign.c $(LMS_SRC),-lcrypto))
$(eval $(call host_test,trust_test,fw/image/trust.c fw/image/image.c host/lms_sign.c $(LMS_SRC),-lcrypto))
KEY_STORE_SRC := host/key_store.c host/lms_key.c host/durable.c host/lms_sign.c
$(eval $(call host_test,key_store_test,$(KEY_STORE_SRC) $(LMS_SRC),-lcrypto))
$(eval $(call host_test,signer_test,host/signer.c $(KEY_STORE_SRC) $(LMS_SRC),-lcrypto))
$(eval $(call host_test,simulation_key_test,$(HOST_SIGN_SRC) host/component.c host/component_spec.c host/file.c host/text.c \
	fw/image/image.c $(HOST_PKG_SRC) fw/board/demo/roots.c,-lcrypto))

$(BUILD)/tests/host/fwpkg_sign_test: tests/host/fwpkg_sign_test.sh $(BUILD)/tests/host/cli_lib.sh $(BUILD)/bin/fwpkg
	install -m 755 $< $@
TESTS += $(BUILD)/tests/host/fwpkg_sign_test
# An independent signer, both ways.
$(BUILD)/tests/host/pyhsslms_test: tests/host/pyhsslms_test.py $(BUILD)/bin/fwpkg
	printf '#!/bin/sh\nexec %s %s %s\n' $(PY) $< $(BUILD)/bin/fwpkg >$@
	chmod +x $@
TESTS += $(BUILD)/tests/host/pyhsslms_test
