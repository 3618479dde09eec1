# SPDX-License-Identifier: Apache-2.0
LMS_SRC := fw/image/lms.c host/lms_soft.c
$(eval $(call host_test,lms_test,tests/host/lms_vectors.h $(LMS_SRC),-lcrypto))
