# SPDX-License-Identifier: Apache-2.0
MCTP_BENCH_H := tests/rtl/mctp_bench.h host/mctp_serial.h
MCTP_SERIAL_C := host/mctp_serial.c
RTL_MCTP_RX := rtl/mctp/mctp_fcs.sv rtl/mctp/mctp_serial_rx.sv

$(eval $(call rtl_bench,mctp_deframer,mctp_serial_rx,$(RTL_PKG) $(RTL_MCTP_RX),$(MCTP_SERIAL_C),,$(MCTP_BENCH_H)))
