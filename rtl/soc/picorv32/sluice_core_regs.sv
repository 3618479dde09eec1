// SPDX-License-Identifier: Apache-2.0
//
// PicoRV32's register file: a read shows, within the cycle, what was written up to the last rising
// edge. The address ports come from registers.
//
// iCE40's block RAM reads on a clock edge only. It reads on the falling one here, half a cycle
// after the addresses changed and after any write to the same register: no forwarding logic, which
// would cost about a hundred cells. Elsewhere the array becomes distributed RAM.
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

  logic [31:0] mem[32];

  // The sixth bits would choose the registers of PicoRV32's own interrupts, which are left out.
  logic unused;
  assign unused = ^{waddr[5], raddr1[5], raddr2[5]};

  always_ff @(posedge clk) begin
    if (wen) mem[waddr[4:0]] <= wdata;
  end

`ifdef SLUICE_ICE40
  always_ff @(negedge clk) begin
    rdata1 <= mem[raddr1[4:0]];
    rdata2 <= mem[raddr2[4:0]];
  end
`else
  assign rdata1 = mem[raddr1[4:0]];
  assign rdata2 = mem[raddr2[4:0]];
`endif

endmodule
