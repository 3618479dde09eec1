// SPDX-License-Identifier: Apache-2.0
//
// The way to the cover CWritesChecked, which lies too deep to be found without: an order for one group that is in the RAM, to
// be checked and written, with nobody else at the RAM and no stop. It only leaves runs out: what is reached with it is a run.
module guide_writes
  import stream_pkg::*;
  import order_map_pkg::*;
(
    input logic clk_i,
    input logic rst_ni,
    input logic order_push_i,
    input logic order_slot_i,
    input logic order_abort_i,
    input logic order_clear_i,
    input logic stop,
    input logic made_fetching,
    input logic [3:0] word_req,
    input logic at_place_0,  // the place that the proof is about
    input logic planning,  // stream_orders reads PLAN
    input logic [StreamRamClients-1:0] wanted,  // of the stream RAM
    input logic [StreamRamClients-1:0] ram_gnt_i,
    input logic [31:0] ram_rdata_i,
    input logic sha_idle,  // the checker's hash
    input logic sha_ready,
    input logic digest_valid,
    input logic [31:0] swapped,  // a word of the table
    input logic [31:0] digest
);

  localparam logic [31:0] What = (32'(SourceRam) << WhatSourceLsb) | (1 << WhatCheckLsb) |
      (1 << WhatSinkLsb) | (1 << WhatNoEraseLsb);
  localparam logic [31:0] Plan = 32'h1;

  logic begun_q = 1'b0, pushed_q = 1'b0;
  always_ff @(posedge clk_i) begun_q <= rst_ni;
  always_ff @(posedge clk_i) pushed_q <= begun_q;
  always_comb assume (rst_ni || !begun_q);
  always_comb assume (order_push_i == (begun_q && !pushed_q));
  always_comb assume (!order_slot_i && !order_abort_i && !order_clear_i);
  always_comb assume (!stop && at_place_0);
  always_comb assume (ram_gnt_i == (wanted & (~wanted + 1'b1)));
  always_comb assume (!wanted[RamMatcher] && !word_req[0] && !made_fetching);  // the link
  always_comb assume (ram_rdata_i == (planning ? Plan : What));
  always_comb assume (sha_idle && sha_ready && digest_valid && digest == swapped);

endmodule

bind stream_engine guide_writes u_guide (
    .*,
    .at_place_0(u_formal.here == '0),
    .planning(u_orders.state_q == 1),
    .sha_idle(u_checker.sha_idle),
    .sha_ready(u_checker.sha_ready),
    .digest_valid(u_checker.digest_valid),
    .swapped(u_checker.swapped),
    .digest(u_checker.digest),
    .wanted({ram_req_o[3].req, ram_req_o[2].req, ram_req_o[1].req, ram_req_o[0].req})
);
