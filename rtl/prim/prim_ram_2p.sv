// SPDX-License-Identifier: Apache-2.0
//
// Memory with one write and one read port, for FIFOs: infers block RAM. `rdata_o` is valid in the
// cycle after `re_i` and holds until the next read. A read of the word that is written in the same
// cycle is undefined; simulation returns the complement of the written word so that nobody relies
// on it. The contents at power-on are undefined.
module prim_ram_2p #(
    parameter  int unsigned Words     = 512,
    parameter  int unsigned Width     = 8,
    localparam int unsigned AddrWidth = $clog2(Words)
) (
    input  logic                 clk_i,
    input  logic                 we_i,
    input  logic [AddrWidth-1:0] waddr_i,
    input  logic [    Width-1:0] wdata_i,
    input  logic                 re_i,
    input  logic [AddrWidth-1:0] raddr_i,
    output logic [    Width-1:0] rdata_o
);

  (* no_rw_check *) logic [Width-1:0] mem[Words];

  always_ff @(posedge clk_i) begin
    if (we_i) mem[waddr_i] <= wdata_i;
    if (re_i) begin
      rdata_o <= mem[raddr_i];
`ifndef SYNTHESIS
      if (we_i && waddr_i == raddr_i) rdata_o <= ~wdata_i;
`endif
    end
  end

endmodule
