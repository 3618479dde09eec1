# SPDX-License-Identifier: Apache-2.0
#
# ocfd: its parts that need no network, and the daemon with libcoap's client.
$(foreach t,ocf_pstat_test ocf_codec_test ocf_record_test ocf_choose_test ocf_files_test,\
  $(eval $(call host_test,$(t),$(OCF_SRC),-lcbor)))
