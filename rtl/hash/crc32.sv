// SPDX-License-Identifier: Apache-2.0
//
// CRC-32 of a sequence of bytes, one a cycle: reflected polynomial EDB88320h, initial value and
// final complement all ones (zlib's crc32). `crc_o` is the CRC of the bytes taken since the last
// `clear_i`, final complement included; zero when there were none. Clear before the first byte; a
// byte that comes together with `clear_i` is not counted.
module crc32 (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic        clear_i,
    input  logic [ 7:0] data_i,
    input  logic        valid_i,
    output logic [31:0] crc_o
);

  localparam logic [31:0] Polynomial = 32'hEDB8_8320;

  logic [31:0] crc_d;

  // The register holds the complemented remainder: it is the output and starts as zero.
  always_comb begin
    crc_d = ~crc_o;
    crc_d[7:0] ^= data_i;
    for (int i = 0; i < 8; i++) crc_d = (crc_d >> 1) ^ (crc_d[0] ? Polynomial : '0);
    crc_d = ~crc_d;
  end

  always_ff @(posedge clk_i) begin
    if (clear_i) crc_o <= '0;
    else if (valid_i) crc_o <= crc_d;
  end

`ifndef SYNTHESIS
  logic cleared_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) cleared_q <= 1'b0;
    else if (clear_i) cleared_q <= 1'b1;
  end
  AClearedFirst :
  assert property (@(posedge clk_i) disable iff (!rst_ni) valid_i && !clear_i |-> cleared_q);
`endif

endmodule
