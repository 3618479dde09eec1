// SPDX-License-Identifier: Apache-2.0
//
// PicoRV32's register file: a read shows, within the cycle, what was written up to the last rising
// edge. PicoRV32's address ports come from registers, as prim_ram_2r1w wants them.
module sluice_core_regs (
    input  logic        clk,
    input  logic        wen,
    input  logic [ 5:0] waddr,
    input  logic [ 5:0] raddr1,
    input  logic [ 5:0] raddr2,
    input  logic [31:0] wdata,
    output logic [31:0] rdata1,
    output logic [31:0] rdata2
);

  // The sixth bits would choose the registers of PicoRV32's own interrupts, which are left out.
  logic unused;
  assign unused = ^{waddr[5], raddr1[5], raddr2[5]};

  prim_ram_2r1w #(
      .Words(32),
      .Width(32)
  ) u_ram (
      .clk_i    (clk),
      .we_i     (wen),
      .waddr_i  (waddr[4:0]),
      .wdata_i  (wdata),
      .raddr_a_i(raddr1[4:0]),
      .rdata_a_o(rdata1),
      .raddr_b_i(raddr2[4:0]),
      .rdata_b_o(rdata2)
  );

endmodule
