// SPDX-License-Identifier: Apache-2.0
//
// prim_ram_2p for proofs: it remembers the word at one address, which may be any and is always the same.
// All other words read as anything, and so does a word that is written in the same cycle. What is proved
// of a module with this memory holds for every word of the real one, which allows less.
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

  logic [AddrWidth-1:0] at;
  logic [Width-1:0] word_q, read_q;
  logic [Width-1:0] any, anything_q;  // nobody feeds it: another value in every cycle
  logic known_q;

  always_ff @(posedge clk_i) begin
    at         <= at;
    anything_q <= any;
    if (we_i && waddr_i == at) word_q <= wdata_i;
    if (re_i) begin
      read_q  <= word_q;
      known_q <= raddr_i == at && !(we_i && waddr_i == at);
    end
  end

  assign rdata_o = known_q ? read_q : anything_q;

endmodule
