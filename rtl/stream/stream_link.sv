// SPDX-License-Identifier: Apache-2.0
//
// The engine's side of the link: stream_requester asks for the chunks of the wanted blocks,
// stream_matcher puts the answers into their RAM blocks. The ports are theirs; see there.
module stream_link
  import sluice_pkg::*;
  import sluice_regs_pkg::*;
  import stream_pkg::*;
#(
    parameter int unsigned Outstanding = 1,  // 1 or 4
    parameter int unsigned PlaceW      = 3
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

    // blocks to fetch, until done
    input  logic              want_i,
    input  logic [PlaceW-1:0] want_place_i,
    input  logic              want_pair_i,
    output logic              done_o,
    input  logic              again_i,
    input  logic [PlaceW-1:0] again_place_i,
    output logic              again_done_o,

    // job queue
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
    output logic [7:0] code_o,  // completion code of the last answer

    // words of orders, RAM
    output logic                      word_req_o,
    output logic                      word_slot_o,
    output logic     [OrderWordW-1:0] word_o,
    input  logic                      word_ack_i,
    input  logic     [          31:0] ram_rdata_i,
    output ram_req_t                  ram_o,
    input  logic                      ram_gnt_i,

    // answers and requests
    input  pkt_byte_t       rx_i,
    input  logic      [1:0] rx_tag_i,
    input  logic            rx_valid_i,
    output logic            rx_ready_o,
    output pkt_byte_t       tx_o,
    output logic            tx_valid_o,
    input  logic            tx_ready_i,

    // for the counters
    output logic       awaiting_o,
    output logic       accepted_o,       // pulses: an answer is in RAM,
    output logic [8:0] units_o,          // so many units of 32 bytes
    output logic       count_request_o,
    output logic       count_retry_o
);

  localparam int unsigned RequestW = request_w(Outstanding);

  // ---- the chunk of the answer under way, and what it is like ----------------------------------
  logic [Outstanding-1:0] expect_answer;
  logic [RequestW-1:0] answer;
  logic second, pair;
  logic [4:0] instance_id;
  logic [BlockW-1:0] block;
  logic [6:0] position, length_m1;
  logic good, broken, retry, error, grows;

  assign accepted_o = good;
  assign units_o    = {1'b0, pair, length_m1} + 1'b1;

  stream_requester #(
      .Outstanding(Outstanding),
      .PlaceW     (PlaceW)
  ) u_requester (
      .clk_i,
      .rst_ni,
      .peer_i,
      .own_eid_i,
      .chunk_log2_i,
      .outstanding_m1_i,
      .retries_i,
      .timeout_ms_i,
      .delay_ms_i,
      .tick_ms_i,
      .want_i,
      .want_place_i,
      .want_pair_i,
      .done_o,
      .again_i,
      .again_place_i,
      .again_done_o,
      .send_place_o,
      .send_job_i,
      .answer_place_o,
      .answer_job_i,
      .made_place_i,
      .made_fetching_o,
      .stop_i,
      .idle_o,
      .fail_o,
      .reason_o,
      .fail_place_o,
      .word_req_o,
      .word_slot_o,
      .word_o,
      .word_ack_i,
      .ram_rdata_i,
      .expect_o       (expect_answer),
      .answer_i       (answer),
      .second_i       (second),
      .instance_o     (instance_id),
      .pair_o         (pair),
      .block_o        (block),
      .position_o     (position),
      .length_m1_o    (length_m1),
      .answer_good_i  (good),
      .answer_broken_i(broken),
      .answer_retry_i (retry),
      .answer_error_i (error),
      .answer_grows_i (grows),
      .tx_o,
      .tx_valid_o,
      .tx_ready_i,
      .awaiting_o,
      .count_request_o,
      .count_retry_o
  );

  stream_matcher #(
      .Outstanding(Outstanding)
  ) u_matcher (
      .clk_i,
      .rst_ni,
      .peer_i,
      .expect_i       (expect_answer),
      .answer_o       (answer),
      .second_o       (second),
      .instance_i     (instance_id),
      .pair_i         (pair),
      .block_i        (block),
      .position_i     (position),
      .length_m1_i    (length_m1),
      .answer_good_o  (good),
      .answer_broken_o(broken),
      .answer_retry_o (retry),
      .answer_error_o (error),
      .answer_grows_o (grows),
      .code_o,
      .rx_i,
      .rx_tag_i,
      .rx_valid_i,
      .rx_ready_o,
      .ram_o,
      .ram_gnt_i
  );

endmodule
