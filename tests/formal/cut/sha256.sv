// SPDX-License-Identifier: Apache-2.0
//
// sha256 for proofs that do without it: each output is a register that nobody feeds, so it is anything in every
// cycle, the same for all who look. What is proved beside it holds whatever the real one does.
module sha256 #(
    parameter bit Chain = 1'b1
) (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic        start_i,
    input  logic        chain_i,
    output logic        idle_o,
    output logic [ 3:0] place_o,
    input  logic [31:0] word_i,
    input  logic        word_valid_i,
    output logic        word_ready_o,
    input  logic        last_i,
    output logic [31:0] digest_o,
    output logic        digest_valid_o,
    input  logic        digest_ready_i,
    output logic [31:0] put_o,
    output logic [ 3:0] put_be_o,
    output logic        put_valid_o,
    input  logic        put_ready_i
);

  logic any_idle_o;
  logic [3:0] any_place_o;
  logic any_word_ready_o;
  logic [31:0] any_digest_o;
  logic any_digest_valid_o;
  logic [31:0] any_put_o;
  logic [3:0] any_put_be_o;
  logic any_put_valid_o;
  always_ff @(posedge clk_i) begin
    idle_o <= any_idle_o;
    place_o <= any_place_o;
    word_ready_o <= any_word_ready_o;
    digest_o <= any_digest_o;
    digest_valid_o <= any_digest_valid_o;
    put_o <= any_put_o;
    put_be_o <= any_put_be_o;
    put_valid_o <= any_put_valid_o;
  end
endmodule
