// SPDX-License-Identifier: Apache-2.0
//
// The processor (rtl/soc/picorv32/sluice_core.sv has the contract): VexRiscv in its smallest form,
// five stages, no caches, no bypass. It fetches ahead while an access is under way, and drops what it
// fetched behind a jump: insn_o counts those fetches, too, so it is a bound from above. Traps are not
// served: mtvec is undefined.
//
// Its two buses share one: data goes before instructions, but a fetch that has begun is finished.
module sluice_core (
    input  logic        clk_i,
    input  logic        rst_ni,
    output logic        valid_o,
    output logic [31:0] addr_o,
    output logic [31:0] wdata_o,
    output logic [ 3:0] wstrb_o,
    input  logic [31:0] rdata_i,
    input  logic        ready_i,
    output logic        insn_o
);

  logic ibus_cyc, dbus_cyc, dbus_we;
  logic [29:0] ibus_addr, dbus_addr;
  logic [3:0] dbus_sel;
  logic       data;  // this cycle is the data bus's
  logic       fetching_q;  // a fetch has begun and is not answered

  // Wishbone signals that are constant or say the same as `cyc`.
  logic unused_ibus_stb, unused_ibus_we, unused_dbus_stb;
  logic [31:0] unused_ibus_wdata;
  logic [ 3:0] unused_ibus_sel;
  logic [2:0] unused_ibus_cti, unused_dbus_cti;
  logic [1:0] unused_ibus_bte, unused_dbus_bte;

  assign data    = dbus_cyc && !fetching_q;
  assign valid_o = ibus_cyc || dbus_cyc;
  assign addr_o  = {data ? dbus_addr : ibus_addr, 2'b00};
  assign wstrb_o = data && dbus_we ? dbus_sel : '0;
  assign insn_o  = ibus_cyc && !data && ready_i;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) fetching_q <= 1'b0;
    else fetching_q <= ibus_cyc && !data && !ready_i;
  end

  VexRiscv u_core (
      .clk                   (clk_i),
      .reset                 (!rst_ni),
      .externalResetVector   (32'h0000_0000),
      .timerInterrupt        (1'b0),
      .softwareInterrupt     (1'b0),
      .externalInterruptArray('0),
      .iBusWishbone_CYC      (ibus_cyc),
      .iBusWishbone_STB      (unused_ibus_stb),
      .iBusWishbone_ACK      (insn_o),
      .iBusWishbone_WE       (unused_ibus_we),
      .iBusWishbone_ADR      (ibus_addr),
      .iBusWishbone_DAT_MISO (rdata_i),
      .iBusWishbone_DAT_MOSI (unused_ibus_wdata),
      .iBusWishbone_SEL      (unused_ibus_sel),
      .iBusWishbone_ERR      (1'b0),
      .iBusWishbone_CTI      (unused_ibus_cti),
      .iBusWishbone_BTE      (unused_ibus_bte),
      .dBusWishbone_CYC      (dbus_cyc),
      .dBusWishbone_STB      (unused_dbus_stb),
      .dBusWishbone_ACK      (data && ready_i),
      .dBusWishbone_WE       (dbus_we),
      .dBusWishbone_ADR      (dbus_addr),
      .dBusWishbone_DAT_MISO (rdata_i),
      .dBusWishbone_DAT_MOSI (wdata_o),
      .dBusWishbone_SEL      (dbus_sel),
      .dBusWishbone_ERR      (1'b0),
      .dBusWishbone_CTI      (unused_dbus_cti),
      .dBusWishbone_BTE      (unused_dbus_bte)
  );

endmodule
