// SPDX-License-Identifier: Apache-2.0
//
// The words that SHA-256 adds to the working variable h, in the order in which they are needed, so
// that one counter addresses them: K[0..63] at 0, the chaining value H7..H0 at 64, the initial
// value of H7..H0 at 88 (FIPS 180-4, 4.2.2 and 5.3.3). Only the chaining value can be written.
//
// `data_o` is valid in the cycle after `re_i` and holds until the next read. The constants are the
// initial contents of a memory: a target whose memories start undefined needs a ROM in its place.
module sha256_table (
    input  logic        clk_i,
    input  logic        re_i,
    input  logic [ 6:0] addr_i,
    output logic [31:0] data_o,
    input  logic        we_i,
    input  logic [ 2:0] waddr_i,  // from 64: 0 is H7, 7 is H0
    input  logic [31:0] wdata_i
);

  // verilog_format: off (one word a line takes too much room)
  // Both in the order of the addresses, so the first one is the most significant.
  localparam logic [63:0][31:0] K = {
    32'h428a2f98, 32'h71374491, 32'hb5c0fbcf, 32'he9b5dba5, 32'h3956c25b, 32'h59f111f1,
    32'h923f82a4, 32'hab1c5ed5, 32'hd807aa98, 32'h12835b01, 32'h243185be, 32'h550c7dc3,
    32'h72be5d74, 32'h80deb1fe, 32'h9bdc06a7, 32'hc19bf174, 32'he49b69c1, 32'hefbe4786,
    32'h0fc19dc6, 32'h240ca1cc, 32'h2de92c6f, 32'h4a7484aa, 32'h5cb0a9dc, 32'h76f988da,
    32'h983e5152, 32'ha831c66d, 32'hb00327c8, 32'hbf597fc7, 32'hc6e00bf3, 32'hd5a79147,
    32'h06ca6351, 32'h14292967, 32'h27b70a85, 32'h2e1b2138, 32'h4d2c6dfc, 32'h53380d13,
    32'h650a7354, 32'h766a0abb, 32'h81c2c92e, 32'h92722c85, 32'ha2bfe8a1, 32'ha81a664b,
    32'hc24b8b70, 32'hc76c51a3, 32'hd192e819, 32'hd6990624, 32'hf40e3585, 32'h106aa070,
    32'h19a4c116, 32'h1e376c08, 32'h2748774c, 32'h34b0bcb5, 32'h391c0cb3, 32'h4ed8aa4a,
    32'h5b9cca4f, 32'h682e6ff3, 32'h748f82ee, 32'h78a5636f, 32'h84c87814, 32'h8cc70208,
    32'h90befffa, 32'ha4506ceb, 32'hbef9a3f7, 32'hc67178f2
  };
  localparam logic [7:0][31:0] InitialH7ToH0 = {
    32'h5be0cd19, 32'h1f83d9ab, 32'h9b05688c, 32'h510e527f, 32'ha54ff53a, 32'h3c6ef372,
    32'hbb67ae85, 32'h6a09e667
  };
  // verilog_format: on

  (* no_rw_check *)
  logic [31:0] mem[128];

  initial begin
    for (int i = 0; i < 64; i++) mem[i] = K[63-i];
    for (int i = 0; i < 8; i++) mem[88+i] = InitialH7ToH0[7-i];
  end

  always_ff @(posedge clk_i) begin
    if (we_i) mem[{4'b1000, waddr_i}] <= wdata_i;
    if (re_i) data_o <= mem[addr_i];
  end

endmodule
