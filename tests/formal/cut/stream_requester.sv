// SPDX-License-Identifier: Apache-2.0
//
// stream_requester for proofs that do without it: each output is a register that nobody feeds, so it is anything in every
// cycle, the same for all who look. What is proved beside it holds whatever the real one does.
module stream_requester
  import sluice_pkg::*;
  import sluice_regs_pkg::*;
  import stream_pkg::*;
  import order_map_pkg::*;
#(
    parameter  int unsigned Outstanding = 1,
    parameter  int unsigned PlaceW      = 3,
    localparam int unsigned RequestW    = request_w(Outstanding)
) (
    input logic clk_i,
    input logic rst_ni,

    input logic [ 7:0] peer_i,
    input logic [ 7:0] own_eid_i,
    input logic [ 3:0] chunk_log2_i,
    input logic [ 1:0] outstanding_m1_i,
    input logic [ 3:0] retries_i,
    input logic [15:0] timeout_ms_i,
    input logic [15:0] delay_ms_i,
    input logic        tick_ms_i,




    input  logic              want_i,
    input  logic [PlaceW-1:0] want_place_i,
    output logic              done_o,
    input  logic              again_i,
    input  logic [PlaceW-1:0] again_place_i,
    output logic              again_done_o,


    output logic [PlaceW-1:0] send_place_o,
    input  job_t              send_job_i,
    output logic [PlaceW-1:0] answer_place_o,
    input  job_t              answer_job_i,
    input  logic [PlaceW-1:0] made_place_i,
    output logic              made_fetching_o,

    input logic stop_i,
    output logic idle_o,
    output logic fail_o,
    output stop_reason_t reason_o,
    output logic [PlaceW-1:0] fail_place_o,


    output logic                  word_req_o,
    output logic                  word_slot_o,
    output logic [OrderWordW-1:0] word_o,
    input  logic                  word_ack_i,
    input  logic [          31:0] ram_rdata_i,


    output logic [Outstanding-1:0] expect_o,
    input logic [RequestW-1:0] answer_i,
    output logic [4:0] instance_o,
    output logic [BlockW-1:0] block_o,
    output logic [6:0] position_o,
    output logic [6:0] length_m1_o,
    input logic answer_good_i,
    input logic answer_broken_i,
    input logic answer_retry_i,
    input logic answer_error_i,
    input logic answer_grows_i,

    output pkt_byte_t tx_o,
    output logic      tx_valid_o,
    input  logic      tx_ready_i,

    output logic awaiting_o,
    output logic count_request_o,
    output logic count_retry_o
);

  logic any_done_o;
  logic any_again_done_o;
  logic [PlaceW-1:0] any_send_place_o;
  logic [PlaceW-1:0] any_answer_place_o;
  logic any_made_fetching_o;
  logic any_idle_o;
  logic any_fail_o;
  stop_reason_t any_reason_o;
  logic [PlaceW-1:0] any_fail_place_o;
  logic any_word_req_o;
  logic any_word_slot_o;
  logic [OrderWordW-1:0] any_word_o;
  logic [Outstanding-1:0] any_expect_o;
  logic [4:0] any_instance_o;
  logic [BlockW-1:0] any_block_o;
  logic [6:0] any_position_o;
  logic [6:0] any_length_m1_o;
  pkt_byte_t any_tx_o;
  logic any_tx_valid_o;
  logic any_awaiting_o;
  logic any_count_request_o;
  logic any_count_retry_o;
  always_ff @(posedge clk_i) begin
    done_o <= any_done_o;
    again_done_o <= any_again_done_o;
    send_place_o <= any_send_place_o;
    answer_place_o <= any_answer_place_o;
    made_fetching_o <= any_made_fetching_o;
    idle_o <= any_idle_o;
    fail_o <= any_fail_o;
    reason_o <= any_reason_o;
    fail_place_o <= any_fail_place_o;
    word_req_o <= any_word_req_o;
    word_slot_o <= any_word_slot_o;
    word_o <= any_word_o;
    expect_o <= any_expect_o;
    instance_o <= any_instance_o;
    block_o <= any_block_o;
    position_o <= any_position_o;
    length_m1_o <= any_length_m1_o;
    tx_o <= any_tx_o;
    tx_valid_o <= any_tx_valid_o;
    awaiting_o <= any_awaiting_o;
    count_request_o <= any_count_request_o;
    count_retry_o <= any_count_retry_o;
  end
endmodule
