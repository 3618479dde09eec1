// SPDX-License-Identifier: Apache-2.0
//
// Read-only memory of 32-bit words, initialised from `InitFile` ($readmemh format, one word an
// entry; words that the file does not name are undefined). `rdata_o` is valid in the cycle after
// `req_i` and holds until the next read. Infers initialised block RAM.
module prim_rom #(
    parameter  int unsigned Words     = 1024,
    parameter  string       InitFile  = "",
    localparam int unsigned AddrWidth = $clog2(Words)
) (
    input  logic                 clk_i,
    input  logic                 req_i,
    input  logic [AddrWidth-1:0] addr_i,
    output logic [         31:0] rdata_o
);

  logic [31:0] mem[Words];

  initial begin
    if (InitFile != "") $readmemh(InitFile, mem);
  end

  always_ff @(posedge clk_i) begin
    if (req_i) rdata_o <= mem[addr_i];
  end

endmodule
