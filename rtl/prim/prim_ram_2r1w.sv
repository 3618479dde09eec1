// SPDX-License-Identifier: Apache-2.0
//
// Small memory with one write and two read ports, for a register file: a read shows, within the
// cycle, what was written up to the last rising edge. Both read addresses must come from registers of
// `clk_i`, or settle in the first half of the cycle. The contents at power-on are undefined.
//
// Elsewhere the array becomes distributed RAM, which reads without a clock. iCE40 (SLUICE_ICE40) has
// none, and its block RAM reads on a clock edge only. On the rising edge the data would come a cycle
// late. So it reads on the falling edge, half a cycle after the addresses changed and half a cycle
// after the write, which a read of the same word therefore sees: no forwarding logic, which would
// cost about a hundred cells. The price is that what follows the read data has half a cycle.
module prim_ram_2r1w #(
    parameter  int unsigned Words     = 32,
    parameter  int unsigned Width     = 32,
    localparam int unsigned AddrWidth = $clog2(Words)
) (
    input  logic                 clk_i,
    input  logic                 we_i,
    input  logic [AddrWidth-1:0] waddr_i,
    input  logic [    Width-1:0] wdata_i,
    input  logic [AddrWidth-1:0] raddr_a_i,
    output logic [    Width-1:0] rdata_a_o,
    input  logic [AddrWidth-1:0] raddr_b_i,
    output logic [    Width-1:0] rdata_b_o
);

  logic [Width-1:0] mem[Words];

  always_ff @(posedge clk_i) begin
    if (we_i) mem[waddr_i] <= wdata_i;
  end

`ifdef SLUICE_ICE40
  always_ff @(negedge clk_i) begin
    rdata_a_o <= mem[raddr_a_i];
    rdata_b_o <= mem[raddr_b_i];
  end
`else
  assign rdata_a_o = mem[raddr_a_i];
  assign rdata_b_o = mem[raddr_b_i];
`endif

endmodule
