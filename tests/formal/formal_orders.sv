// SPDX-License-Identifier: Apache-2.0
//
// What stream_orders promises of each job that it hands out: a planned block inside the order, written as
// the order says, each once and in turn, with an erase where the order's erase plan has one and only once a region.
// Two that begin together are the blocks 2k and 2k+1 of an order from the link.
module formal_orders
  import stream_pkg::*;
  import order_map_pkg::*;
#(
    parameter int unsigned PlaceW = 3
) (
    input logic                     clk_i,
    input logic                     rst_ni,
    input logic                     stop_i,
    input logic                     word_req_o,
    input logic                     word_slot_o,
    input logic    [OrderWordW-1:0] word_o,
    input logic                     word_ack_i,
    input logic    [          31:0] ram_rdata_i,
    input logic                     room_i,
    input logic                     room_two_i,
    input job_t                     job_o,
    input logic                     job_write_o,
    input logic                     bad_o,
    input logic                     second_o,
    input logic                     begun_o,
    input logic                     pair_o,
    input logic                     link_want_o,
    input logic                     idle_o,
    input logic    [    BlockW-1:0] index_q,
    input logic    [           2:0] state,        // Idle, Plan, Erase, Wait, What, Finish
    input logic                     planned_q,
    input logic                     done64_q,
    input logic                     producing_q,
    input logic                     second_q,
    input logic                     next_q,
    input source_e                  source_q,
    input erase_e                   next_erase    // of the planned block
);

  logic started_q = 1'b0;
  always_ff @(posedge clk_i) started_q <= 1'b1;
  always_comb assume (started_q || !rst_ni);

  // ---- the order: any words, which the processor leaves alone while it is walked ------------------------
  logic [31:0] any_what, any_erase;  // driven by nobody
  logic [127:0] any_plan;
  logic [31:0] order_what_q, order_erase_q;
  logic [127:0] order_plan_q;
  always_ff @(posedge clk_i) begin
    if (idle_o) begin
      order_what_q  <= any_what;
      order_erase_q <= any_erase;
      order_plan_q  <= any_plan;
    end
  end
  AOrderStays :
  assume property (@(posedge clk_i) disable iff (!rst_ni)
    word_ack_i |-> (word_o != OrderWordW'(WhatWord) || ram_rdata_i == order_what_q) &&
      (word_o != OrderWordW'(EraseWord) || ram_rdata_i == order_erase_q) &&
      (state != 1 || ram_rdata_i == order_plan_q[{index_q[6:5], 5'b0}+:32]));
  AAckIsAsked :
  assume property (@(posedge clk_i) disable iff (!rst_ni) word_ack_i |-> word_req_o);
  // Room goes only when a block is begun; it comes back with a freed one.
  ARoomStays :
  assume property (@(posedge clk_i) disable iff (!rst_ni) !begun_o |=> (!$past(
      room_i
  ) || room_i) && (!$past(
      room_two_i
  ) || room_two_i));
  ATwoIsMoreThanOne :
  assume property (@(posedge clk_i) disable iff (!rst_ni) room_two_i |-> room_i);
  AStopStays :
  assume property (@(posedge clk_i) disable iff (!rst_ni) stop_i && !idle_o |=> stop_i);
  ABadStops :
  assume property (@(posedge clk_i) disable iff (!rst_ni) bad_o |=> stop_i);

  logic [BlockW-1:0] count_m1;
  logic [7:0] erase64;
  logic [15:0] erase32;
  assign count_m1 = order_what_q[WhatCountM1Lsb+:BlockW];
  assign erase64  = order_erase_q[EraseErase64Lsb+:8];
  assign erase32  = order_erase_q[EraseErase32Lsb+:16];

  // ---- what was read and handed out so far ---------------------------------------------------------------
  logic [2:0] region;  // any region of 64 KiB of the order, always the same
  always_ff @(posedge clk_i) region <= region;
  logic any_q;  // a block of this order was handed out
  logic [BlockW-1:0] last_q;  // the last of them
  logic erased_q;  // one in the region, with an erase of 64 KiB
  logic [1:0] waiting_q;  // jobs that are written and not begun
  logic block_write;
  assign block_write = job_write_o && !job_o.finish;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      any_q     <= 1'b0;
      erased_q  <= 1'b0;
      waiting_q <= '0;
    end else begin
      if (begun_o) waiting_q <= '0;
      if (job_write_o) waiting_q <= bad_o ? '0 : waiting_q + 1'b1;
      if (stop_i && idle_o) waiting_q <= '0;
      if (idle_o) begin
        any_q    <= 1'b0;
        erased_q <= 1'b0;
      end
      if (block_write) begin
        any_q  <= 1'b1;
        last_q <= job_o.index;
        if (job_o.index[6:4] == region && job_o.erase == Erase64) erased_q <= 1'b1;
      end
    end
  end

  // ---- what the proof stands on: where the walk is -----------------------------------------------------------
  logic walking, decided, here, whole, from_link;
  assign from_link = order_what_q[WhatSourceLsb+:2] == SourceLink;
  assign walking = state inside {[1 : 4]};
  assign decided = state inside {3, 4} && planned_q;  // the block's erase is known
  assign here    = index_q[6:4] == region;
  assign whole   = erase64[region] && !order_what_q[WhatNoEraseLsb];
  AIndexInside :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    walking |-> index_q <= count_m1 && (!any_q || index_q > last_q));
  APlanKnown :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    state inside {[2 : 4]} |-> planned_q == order_plan_q[index_q] && (planned_q || state != 2));
  ARegionKnown :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    walking |-> (index_q[6:4] >= region || !erased_q) &&
      (!(here && whole) || (decided ? done64_q : done64_q == erased_q)));
  AEraseKnown :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    decided |->
      (!(here && whole) || next_erase == (erased_q ? EraseNone : Erase64)) &&
      (next_erase != Erase64 || erase64[index_q[6:4]]) &&
      (next_erase != Erase32 || (erase32[index_q[6:3]] && !erase64[index_q[6:4]])) &&
      (next_erase != Erase4 || !(erase32[index_q[6:3]] || erase64[index_q[6:4]])));
  AWritesInRoom :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    (waiting_q == (producing_q ? (pair_o ? 2 : 1) : 2'(second_q)) || stop_i) &&
    (!producing_q || waiting_q == (pair_o ? 2 : 1)) && (!idle_o || state == 0) &&
    (state != 4 || !planned_q || stop_i || (room_i && !producing_q)));
  AFirstKnown :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    second_q && !stop_i |-> walking && !producing_q && room_two_i && from_link && any_q &&
      index_q[0] && index_q == last_q + 1'b1 && order_plan_q[index_q] &&
      (state == 1 || planned_q) && !(order_what_q[WhatDigestLsb] ||
      order_what_q[WhatChainLsb] || order_what_q[WhatCompareLsb]));
  ANextKnown :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    state inside {[2 : 4]} && next_q |-> !index_q[0] && order_plan_q[index_q | 7'd1]);
  ATwoKnown :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    producing_q && pair_o |-> source_q == SourceLink && from_link && !idle_o);

  // ---- promises ----------------------------------------------------------------------------------------
  AInsideOrder :
  assert property (@(posedge clk_i) disable iff (!rst_ni) block_write |-> job_o.index <= count_m1);
  AAsOrdered :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    block_write |-> job_o.sink == order_what_q[WhatSinkLsb] &&
      job_o.check == order_what_q[WhatCheckLsb] &&
      job_o.compare == order_what_q[WhatCompareLsb] &&
      job_o.link == from_link && job_o.slot == word_slot_o);
  // What it stops for else.
  AComparesWithoutSink :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    block_write && job_o.compare && !bad_o |-> job_o.check && !job_o.sink && !job_o.link);
  // A job that hashes for the processor does nothing else.
  AHashesAlone :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    block_write && (job_o.digest || job_o.chain) && !bad_o |->
      !job_o.check && !job_o.compare && !job_o.link && !job_o.sink);
  APlannedOnly :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    block_write |-> order_plan_q[job_o.index]);
  AInTurn :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    block_write && any_q |-> job_o.index > last_q);
  AErasePlanned :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    block_write |->
      (job_o.erase != Erase64 || erase64[job_o.index[6:4]]) &&
      (job_o.erase != Erase32 || (erase32[job_o.index[6:3]] && !erase64[job_o.index[6:4]])) &&
      (job_o.erase != Erase4 || !(erase32[job_o.index[6:3]] || erase64[job_o.index[6:4]])));
  AErasesRegionOnce :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    block_write && job_o.index[6:4] == region && whole |->
      job_o.erase == (erased_q ? EraseNone : Erase64));
  AErasesUnlessTold :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    block_write && order_what_q[WhatNoEraseLsb] |-> job_o.erase == EraseNone);
  ABegunIsWritten :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    begun_o |-> waiting_q == (pair_o ? 2 : 1));
  AOneAtATime :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    job_write_o |-> !producing_q && (second_o ? waiting_q == 1 && room_two_i :
                                                waiting_q == 0 && room_i));
  ATwoFromLink :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    job_write_o && second_o |-> !job_o.finish && job_o.link && any_q && job_o.index[0] &&
      job_o.index == last_q + 1'b1);
  ATwoAreFetched :
  assert property (@(posedge clk_i) disable iff (!rst_ni) producing_q && pair_o |-> link_want_o);

  CLastBlockErases :
  cover property (@(posedge clk_i) disable iff (!rst_ni)
    block_write && job_o.index == count_m1 && job_o.erase == Erase64 && any_q && job_o.sink);
  CTwoBegin :
  cover property (@(posedge clk_i) disable iff (!rst_ni) begun_o && pair_o && !stop_i);
  CFinish :
  cover property (@(posedge clk_i) disable iff (!rst_ni) job_write_o && job_o.finish && any_q);

endmodule

bind stream_orders formal_orders #(
    .PlaceW(PlaceW)
) u_formal (
    .*,
    .state     (state_q),
    .next_erase(erase_q)
);
