# SPDX-License-Identifier: Apache-2.0
MCTP_BENCH_H := tests/rtl/mctp_bench.h host/mctp_serial.h
MCTP_SERIAL_C := host/mctp_serial.c
RTL_MCTP_RX := rtl/mctp/mctp_fcs.sv rtl/mctp/mctp_serial_rx.sv

$(eval $(call rtl_bench,mctp_deframer,mctp_serial_rx,$(RTL_PKG) $(RTL_MCTP_RX),$(MCTP_SERIAL_C),,$(MCTP_BENCH_H)))
$(eval $(call rtl_bench,mctp_uart,mctp_uart_bench,rtl/mctp/uart_rx.sv rtl/mctp/uart_tx.sv tests/rtl/mctp_uart_bench.sv,,,$(MCTP_BENCH_H) tests/rtl/mctp_line.h))
$(eval $(call rtl_bench,mctp_framer,mctp_serial_tx,$(RTL_PKG) rtl/mctp/mctp_fcs.sv rtl/mctp/mctp_serial_tx.sv,$(MCTP_SERIAL_C),,$(MCTP_BENCH_H)))
$(eval $(call rtl_bench,mctp_deframer_255,mctp_serial_rx,$(RTL_PKG) $(RTL_MCTP_RX),$(MCTP_SERIAL_C),-GMaxPacket=255,$(MCTP_BENCH_H) tests/rtl/mctp_deframer.cpp))
$(eval $(call rtl_bench,mctp_router,mctp_router,$(RTL_PKG) rtl/mctp/mctp_router.sv,$(MCTP_SERIAL_C),,$(MCTP_BENCH_H)))
$(eval $(call rtl_bench,mctp_router_fast,mctp_router_fast,$(RTL_PKG) rtl/mctp/mctp_router_fast.sv,$(MCTP_SERIAL_C),,$(MCTP_BENCH_H) tests/rtl/mctp_router.cpp))
RTL_PACKET_PORT := rtl/mctp/mctp_packet_rx.sv rtl/mctp/mctp_packet_tx.sv rtl/mctp/mctp_packet_port.sv
MCTP_FIFO := $(RTL_PKG) rtl/prim/prim_ram_2p.sv rtl/mctp/mctp_packet_fifo.sv
$(eval $(call rtl_bench,mctp_fifo,mctp_packet_fifo,$(MCTP_FIFO),$(MCTP_SERIAL_C),,$(MCTP_BENCH_H)))
$(eval $(call rtl_bench,mctp_fifo_255,mctp_packet_fifo,$(MCTP_FIFO),$(MCTP_SERIAL_C),-GMaxPacket=255 -GTagW=2,$(MCTP_BENCH_H) tests/rtl/mctp_fifo.cpp))
$(eval $(call rtl_bench,mctp_arbiter,mctp_tx_arbiter,$(RTL_PKG) rtl/mctp/mctp_tx_arbiter.sv,$(MCTP_SERIAL_C),,$(MCTP_BENCH_H)))
$(eval $(call rtl_bench,mctp_packet_port,mctp_packet_port,$(RTL_PKG) $(RTL_PACKET_PORT),$(MCTP_SERIAL_C),-GPatience=50,$(MCTP_BENCH_H) tests/rtl/mctp_port.h sim/packet_pins.h))
MCTP_ENDPOINT := $(RTL_PKG) rtl/prim/prim_ram_2p.sv $(RTL_MCTP)
MCTP_ENDPOINT_H := $(MCTP_BENCH_H) $(addprefix tests/rtl/mctp_,line.h port.h endpoint.h) sim/packet_pins.h
$(eval $(call rtl_bench,mctp_endpoint,mctp_top,$(MCTP_ENDPOINT),$(MCTP_SERIAL_C),-GClkDiv=4,$(MCTP_ENDPOINT_H)))
$(eval $(call rtl_bench,mctp_links,mctp_top,$(MCTP_ENDPOINT),$(MCTP_SERIAL_C),-GClkDiv=4 -GPacketPort="1'b1" -GPortPatience=2000,$(MCTP_ENDPOINT_H)))

# $(call smbus_bench,NAME,CLOCK IN HZ,BIT RATE,MAX PACKET,MORE PREREQUISITES)
SMBUS_C := sim/smbus_pins.c sim/smbus_rules.c
define smbus_bench
$(call rtl_bench,$(1),mctp_smbus_link,$(RTL_PKG) $(wildcard rtl/mctp/mctp_smbus_*.sv),$(SMBUS_C),\
-GClkHz=$(2) -GBitRate=$(3) -GMaxPacket=$(4) -CFLAGS "-DSMBUS_CLK_HZ=$(2)u -DSMBUS_BIT_RATE=$(3)u -DSMBUS_MAX_PACKET=$(4)u",\
$(MCTP_BENCH_H) tests/rtl/mctp_smbus_bench.h $(SMBUS_C:.c=.h) $(5))
endef
$(eval $(call smbus_bench,mctp_smbus,12000000,1000000,74))
$(eval $(call smbus_bench,mctp_smbus_254,24000000,1000000,254,tests/rtl/mctp_smbus.cpp))
$(eval $(call smbus_bench,mctp_smbus_bus,12000000,1000000,74))
$(eval $(call smbus_bench,mctp_smbus_bus_100k,12000000,100000,74,tests/rtl/mctp_smbus_bus.cpp))
$(eval $(call smbus_bench,mctp_smbus_bus_400k,25000000,400000,74,tests/rtl/mctp_smbus_bus.cpp))
$(eval $(call smbus_bench,mctp_smbus_bus_48mhz,48000000,1000000,74,tests/rtl/mctp_smbus_bus.cpp))
