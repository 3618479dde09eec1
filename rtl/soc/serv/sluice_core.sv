// SPDX-License-Identifier: Apache-2.0
//
// The processor (rtl/soc/picorv32/sluice_core.sv has the contract): SERV, which handles one bit a
// cycle: some 40 cycles an instruction, 80 with an access, a shift or a branch. Its registers are in
// one block RAM of 512 x 2 bits.
//
// SERV fetches the next instruction only when the one before is finished, so its two buses never
// ask at once and are one bus here.
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
  logic [31:0] ibus_addr, dbus_addr;
  logic [3:0] dbus_sel;

  // Extension ports, which are off.
  logic [31:0] unused_rs1, unused_rs2;
  logic [2:0] unused_funct3;
  logic       unused_mdu_valid;
  logic       unused_addr;
  assign unused_addr = ^{ibus_addr[1:0], dbus_addr[1:0]};

  assign valid_o     = ibus_cyc || dbus_cyc;
  assign addr_o      = {dbus_cyc ? dbus_addr[31:2] : ibus_addr[31:2], 2'b00};
  assign wstrb_o     = dbus_cyc && dbus_we ? dbus_sel : '0;
  assign insn_o      = ibus_cyc && ready_i;

  serv_rf_top #(
      .RESET_PC(32'h0000_0000),
      .WITH_CSR(0)
  ) u_core (
      .clk         (clk_i),
      .i_rst       (!rst_ni),
      .i_timer_irq (1'b0),
      .o_ibus_adr  (ibus_addr),
      .o_ibus_cyc  (ibus_cyc),
      .i_ibus_rdt  (rdata_i),
      .i_ibus_ack  (ibus_cyc && ready_i),
      .o_dbus_adr  (dbus_addr),
      .o_dbus_dat  (wdata_o),
      .o_dbus_sel  (dbus_sel),
      .o_dbus_we   (dbus_we),
      .o_dbus_cyc  (dbus_cyc),
      .i_dbus_rdt  (rdata_i),
      .i_dbus_ack  (dbus_cyc && ready_i),
      .o_ext_rs1   (unused_rs1),
      .o_ext_rs2   (unused_rs2),
      .o_ext_funct3(unused_funct3),
      .i_ext_rd    ('0),
      .i_ext_ready (1'b0),
      .o_mdu_valid (unused_mdu_valid)
  );

`ifndef SYNTHESIS
  AOneBus :
  assert property (@(posedge clk_i) disable iff (!rst_ni) !(ibus_cyc && dbus_cyc));
`endif

endmodule
