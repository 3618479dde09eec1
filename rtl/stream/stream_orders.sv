// SPDX-License-Identifier: Apache-2.0
//
// Walks the queued orders, two at most, block by block through their plan bitmaps. Each planned
// block becomes a job and is handed to the producer that its source names; the next planned block is
// looked for meanwhile. After its last block an order leaves a job with `finish`. A block is handed
// out only when the job queue has room, which is also what reserves its ring buffer: buffer n
// belongs to place n of the queue.
// With `wide_i` the blocks 2k and 2k+1 of an order from the link are handed out together if both are
// planned; the first one waits until there is room for both.
// From a producer's `link_done_i` or `flash_done_i` to the next hand-over: 5 cycles, of two blocks 15,
// unless the RAM is busy.
module stream_orders
  import sluice_pkg::*;
  import stream_pkg::*;
  import order_map_pkg::*;
#(
    parameter int unsigned FirstBuffer = 4,
    parameter int unsigned PlaceW      = 3,
    parameter bit          Chain       = 1'b1,  // chain orders are possible
    parameter bit          Wide        = 1'b0   // wide_i is
) (
    input logic clk_i,
    input logic rst_ni,

    input  logic push_i,  // at most two orders from push_i to order_done
    input  logic slot_i,
    input  logic wide_i,
    input  logic stop_i,  // hand out nothing more; forget the queue
    output logic idle_o,
    output logic bad_o,   // pulse with job_write_o: the order asks for what there is not

    // words of orders
    output logic                  word_req_o,
    output logic                  word_slot_o,
    output logic [OrderWordW-1:0] word_o,
    input  logic                  word_ack_i,
    input  logic [          31:0] ram_rdata_i,

    // job queue: the place that is written is begun (valid) with begun_o, with pair_o two places
    input  logic              room_i,
    input  logic              room_two_i,
    input  logic [PlaceW-1:0] place_i,
    output job_t              job_o,
    output logic              job_write_o,
    output logic              second_o,     // place_i is to be the place behind
    output logic              begun_o,

    // producers: wanted until done; the job is at the queue's begun end
    output logic link_want_o,
    output logic pair_o,        // with link_want_o: and the one behind it
    input  logic link_done_i,
    output logic flash_want_o,
    input  logic flash_done_i,

    output logic link_waiting_o  // blocks from the link are still to be handed out
);

  typedef enum logic [2:0] {
    Idle,
    Plan,
    Erase,
    Wait,   // planned: for room; then and else: what about this block?
    What,
    Finish
  } state_e;

  state_e state_q, state_d;
  logic head_q;
  logic behind_q;  // the order behind it
  logic [1:0] queued_q, queued_d;
  logic [BlockW-1:0] index_q, index_d;
  logic planned_q, planned_d;
  logic next_q, next_d;  // the block behind an even one is planned, too, and they may go together
  logic second_q, second_d;  // the first of two is written, the second one is not
  logic pair_q, pair_d;  // what is produced are two
  erase_e erase_q, erase_d;
  logic done64_q, done64_d;  // the 64 KiB region of index_q is erased (or will be, by a job)
  logic done32_q, done32_d;
  logic producing_q, producing_d;
  logic link_q;  // the order's source, or that of the one before while its words are not read yet
  source_e source_q, source_d;

  logic pop;
  logic produced;
  logic free;
  logic last;
  logic first;  // this block and the next go together
  logic reads;

  // ---- fields of the words just read ---------------------------------------------------------------------------
  source_e what_source;
  logic what_check, what_sink, what_keep, what_no_erase, what_compare;
  logic what_digest, what_chain, what_tree;
  logic [BlockW-1:0] what_dest;
  logic what_bad;
  logic erase64, erase32;

  assign what_source = source_e'(ram_rdata_i[WhatSourceLsb+:2]);
  assign what_check = ram_rdata_i[WhatCheckLsb];
  assign what_sink = ram_rdata_i[WhatSinkLsb];
  assign what_keep = ram_rdata_i[WhatKeepLsb];
  assign what_no_erase = ram_rdata_i[WhatNoEraseLsb];
  assign what_digest = ram_rdata_i[WhatDigestLsb];
  assign what_chain = ram_rdata_i[WhatChainLsb];
  assign what_tree = ram_rdata_i[WhatTreeLsb];
  assign what_compare = ram_rdata_i[WhatCompareLsb];
  assign what_dest = ram_rdata_i[WhatDestLsb+:BlockW];
  assign what_bad = what_source == SourceNone || (what_source == SourceFlash && what_sink) ||
      ((what_digest || what_chain) && (what_source != SourceRam || what_sink || what_check)) ||
      (what_chain && !Chain) ||
      (what_compare && (what_source != SourceFlash || !what_check));
  assign last = ram_rdata_i[WhatCountM1Lsb+:BlockW] == index_q;
  assign first = next_q && room_two_i && what_source == SourceLink && !last;

  assign erase64 = ram_rdata_i[{2'(EraseErase64Lsb>>3), index_q[6:4]}];
  assign erase32 = 1'(ram_rdata_i[EraseErase32Lsb+:EraseErase32Width] >> index_q[6:3]);

  always_comb begin
    job_o           = '0;
    job_o.finish    = state_q == Finish;
    job_o.slot      = head_q;
    job_o.index     = index_q;
    job_o.block     = BlockW'(FirstBuffer) + BlockW'(place_i);
    job_o.groups_m1 = last || (Chain && what_tree) ? ram_rdata_i[WhatGroupsM1Lsb+:GroupW] : '1;
    job_o.link      = what_source == SourceLink;
    job_o.check     = what_check;
    job_o.compare   = what_compare;
    job_o.digest    = what_digest;
    job_o.more      = what_digest && !last;
    job_o.chain     = what_chain;
    job_o.tree      = what_tree;
    job_o.sink      = what_sink;
    job_o.erase     = what_no_erase ? EraseNone : erase_q;
    // The chains of a signature are walked in one block, and so is its tree climbed.
    if (what_keep || what_source == SourceRam) begin
      job_o.block = what_dest + (Chain && what_chain && !what_digest ? '0 : index_q);
    end
  end

  // ---- the walk ------------------------------------------------------------------------------------------------
  assign free = room_i && !producing_q;

  always_comb begin
    state_d     = state_q;
    index_d     = index_q;
    planned_d   = planned_q;
    next_d      = next_q;
    second_d    = second_q;
    pair_d      = pair_q;
    erase_d     = erase_q;
    done64_d    = done64_q;
    done32_d    = done32_q;
    source_d    = source_q;
    producing_d = producing_q && !produced;
    pop         = 1'b0;
    job_write_o = 1'b0;
    bad_o       = 1'b0;
    reads       = 1'b0;
    word_o      = OrderWordW'(WhatWord);

    unique case (state_q)
      Idle: begin
        index_d  = '0;
        done64_d = 1'b0;
        done32_d = 1'b0;
        if (queued_q != 0 && !stop_i) state_d = Plan;
      end
      Plan: begin
        reads     = 1'b1;
        word_o    = OrderWordW'(PlanWord) | OrderWordW'(index_q[6:5]);
        planned_d = ram_rdata_i[index_q[4:0]];
        next_d    = Wide && wide_i && !index_q[0] && ram_rdata_i[index_q[4:0]|5'd1];
        if (word_ack_i) state_d = planned_d ? Erase : Wait;
      end
      Erase: begin
        reads  = 1'b1;
        word_o = OrderWordW'(EraseWord);
        if (erase64) erase_d = done64_q ? EraseNone : Erase64;
        else if (erase32) erase_d = done32_q ? EraseNone : Erase32;
        else erase_d = Erase4;
        if (word_ack_i) begin
          done64_d = 1'b1;
          done32_d = 1'b1;
          state_d  = Wait;
        end
      end
      Wait: begin
        // Before an order's first block link_q may be wrong: then it goes with what room there is.
        if (!planned_q || (free && (room_two_i || !(next_q && link_q))) || stop_i) state_d = What;
      end
      What: begin
        reads = 1'b1;
        if (word_ack_i) begin
          job_write_o = planned_q && !stop_i;
          bad_o = job_write_o && what_bad;
          source_d = what_source;  // that of the order: the same for a block still being produced
          if (job_write_o) begin
            second_d = first;
            pair_d   = second_q;
          end
          producing_d = producing_d || (job_write_o && !what_bad && !first);
          index_d = index_q + 1'b1;
          if (index_d[3:0] == '0) done64_d = 1'b0;
          if (index_d[2:0] == '0) done32_d = 1'b0;
          state_d = last ? Finish : Plan;
        end
      end
      Finish: begin
        if (free) begin
          job_write_o = !stop_i;
          producing_d = !stop_i;
          source_d    = SourceRam;
          pair_d      = 1'b0;
          pop         = 1'b1;
          state_d     = Idle;
        end
      end
      default: state_d = Idle;
    endcase
    // A read under way is finished first.
    if (stop_i && (!reads || word_ack_i)) begin
      state_d     = Idle;
      producing_d = 1'b0;
      second_d    = 1'b0;
    end
  end

  assign word_req_o     = reads;
  assign word_slot_o    = head_q;
  assign second_o       = second_q;
  assign link_want_o    = producing_q && source_q == SourceLink;
  assign pair_o         = pair_q;
  assign flash_want_o   = producing_q && source_q == SourceFlash;
  assign produced       = producing_q && (source_q == SourceRam || link_done_i || flash_done_i);
  assign begun_o        = produced;
  assign idle_o         = state_q == Idle;

  assign link_waiting_o = link_q && (producing_q || state_q != Idle);

  always_comb begin
    queued_d = queued_q + 2'(push_i) - 2'(pop);
    if (stop_i) queued_d = '0;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q     <= Idle;
      queued_q    <= '0;
      producing_q <= 1'b0;
      second_q    <= 1'b0;
      source_q    <= SourceRam;
    end else begin
      state_q     <= state_d;
      queued_q    <= queued_d;
      producing_q <= producing_d;
      second_q    <= second_d;
      source_q    <= source_d;
    end
  end

  always_ff @(posedge clk_i) begin
    if (pop || queued_q == 0) head_q <= queued_q == 2 ? behind_q : slot_i;
    if (push_i) behind_q <= slot_i;
    index_q  <= index_d;
    pair_q   <= pair_d;
    done64_q <= done64_d;
    done32_q <= done32_d;
    if (state_q == What && word_ack_i) link_q <= what_source == SourceLink;
    if (state_q == Plan && word_ack_i) planned_q <= planned_d;
    if (state_q == Plan && word_ack_i) next_q <= next_d;
    if (state_q == Erase && word_ack_i) erase_q <= erase_d;
  end

`ifndef SYNTHESIS
  // What was told to the first of two blocks is true of the second one.
  ASecondFollows :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    second_q && job_write_o |-> index_q[0] && !bad_o && what_source == SourceLink);
  AQueueHolds :
  assert property (@(posedge clk_i) disable iff (!rst_ni) push_i |-> queued_q < 2);
  // A place is written only while it is nobody's.
  AWritesFreePlace :
  assert property (@(posedge clk_i) disable iff (!rst_ni) job_write_o |-> room_i && !producing_q);
`endif

endmodule
