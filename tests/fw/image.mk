# SPDX-License-Identifier: Apache-2.0
$(eval $(call fw_test,image_test,fw/image/image.c))
