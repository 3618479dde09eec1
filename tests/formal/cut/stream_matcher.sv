// SPDX-License-Identifier: Apache-2.0
//
// stream_matcher for proofs that do without it: each output is a register that nobody feeds, so it is anything in every
// cycle, the same for all who look. What is proved beside it holds whatever the real one does.
module stream_matcher
  import sluice_pkg::*;
  import stream_pkg::*;
#(
    parameter  int unsigned Outstanding = 1,
    localparam int unsigned RequestW    = request_w(Outstanding)
) (
    input logic clk_i,
    input logic rst_ni,

    input logic [7:0] peer_i,


    input  logic [Outstanding-1:0] expect_i,
    output logic [   RequestW-1:0] answer_o,
    input  logic [            4:0] instance_i,
    input  logic [     BlockW-1:0] block_i,
    input  logic [            6:0] position_i,
    input  logic [            6:0] length_m1_i,
    output logic                   answer_good_o,
    output logic                   answer_broken_o,
    output logic                   answer_retry_o,
    output logic                   answer_error_o,
    output logic                   answer_grows_o,
    output logic [            7:0] code_o,

    input  pkt_byte_t       rx_i,
    input  logic      [1:0] rx_tag_i,
    input  logic            rx_valid_i,
    output logic            rx_ready_o,

    output ram_req_t ram_o,
    input  logic     ram_gnt_i
);

  logic     [RequestW-1:0] any_answer_o;
  logic                    any_answer_good_o;
  logic                    any_answer_broken_o;
  logic                    any_answer_retry_o;
  logic                    any_answer_error_o;
  logic                    any_answer_grows_o;
  logic     [         7:0] any_code_o;
  logic                    any_rx_ready_o;
  ram_req_t                any_ram_o;
  always_ff @(posedge clk_i) begin
    answer_o <= any_answer_o;
    answer_good_o <= any_answer_good_o;
    answer_broken_o <= any_answer_broken_o;
    answer_retry_o <= any_answer_retry_o;
    answer_error_o <= any_answer_error_o;
    answer_grows_o <= any_answer_grows_o;
    code_o <= any_code_o;
    rx_ready_o <= any_rx_ready_o;
    ram_o <= any_ram_o;
  end
endmodule
