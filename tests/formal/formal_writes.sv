// SPDX-License-Identifier: Apache-2.0
//
// What the stream engine promises of an arbitrary place of its queue: while the flash may change for
// that place's block, the block passed the checker since its job was written, its hash equalled its table
// entry if the order asks for that, and the flash side works on that job as it was written.
module formal_writes
  import stream_pkg::*;
#(
    parameter  int unsigned Buffers = 8,
    localparam int unsigned PlaceW  = $clog2(Buffers)
) (
    input logic clk_i,
    input logic rst_ni,
    input logic clear,
    input job_t job,
    input logic job_write,
    input logic [PlaceW-1:0] place,
    input logic begun,
    input logic room_two,
    input logic write_second,
    input logic link_pair,
    input logic next_waits,  // the block at hand and the next may go together
    input logic [BlockW-1:0] index,  // of the block at hand
    input logic second_waits,  // the first of two is written
    input logic orders_bad,
    input logic checked,
    input logic [PlaceW-1:0] checked_place,
    input logic check_valid,
    input job_t check_job,
    input logic flash_valid,
    input job_t flash_job,
    input logic freed,
    input logic flash_idle,
    input logic checker_idle,
    input logic flash_lock_o,
    input logic flash_cmd_valid_o,
    input logic [PlaceW:0] begun_end,  // of the queue
    input logic [PlaceW:0] checked_end,
    input logic [PlaceW:0] freed_end,
    input logic stop,
    input logic room,
    input logic write_waits,  // stream_orders writes a job as soon as it has read WHAT
    input logic producing,  // a written job is not begun
    input logic match,  // of the checker
    input logic checking,  // the checker is at work
    input logic writing,  // the flash side is at work on a job
    input logic fetching,  // for the producer
    input logic [PlaceW-1:0] send_at,  // the place of which each copy remembers the job
    input logic [PlaceW-1:0] check_at,
    input logic [PlaceW-1:0] flash_at,
    input job_t check_word,  // and that job
    input job_t flash_word
);

  logic started_q = 1'b0;
  always_ff @(posedge clk_i) started_q <= 1'b1;
  always_comb assume (started_q || !rst_ni);

  logic [PlaceW-1:0] here;  // any place, always the same
  always_ff @(posedge clk_i) here <= here;
  always_comb assume (send_at == here && check_at == here && flash_at == here);

  // Proved of the orders, which stay as they are until they are done, in orders.sv.
  ATwoFromLink :
  assume property (@(posedge clk_i) disable iff (!rst_ni)
    job_write && write_second |-> !job.finish && job.link && job.index[0]);

  job_t job_q;
  logic known_q, checked_q, matched_q;
  logic at_freed;
  assign at_freed = freed_end[PlaceW-1:0] == here;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      known_q   <= 1'b0;
      checked_q <= 1'b0;
      matched_q <= 1'b0;
    end else if (clear) begin
      known_q   <= 1'b0;
      checked_q <= 1'b0;
      matched_q <= 1'b0;
    end else begin
      if (checked && checked_place == here) begin
        checked_q <= 1'b1;
        matched_q <= match;
      end
      if (freed && at_freed) known_q <= 1'b0;
      if (job_write && place == here) begin
        known_q   <= 1'b1;
        job_q     <= job;
        checked_q <= 1'b0;
        matched_q <= 1'b0;
      end
    end
  end

  // ---- what the proof stands on: where the place is between the ends, and that its job is kept ------------
  typedef logic [PlaceW:0] count_t;
  count_t ahead;  // places from the freed end to this one
  assign ahead = count_t'(PlaceW'(here - freed_end[PlaceW-1:0]));
  ACheckedIsBehindEnd :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    (known_q && checked_q) == (ahead < count_t'(checked_end - freed_end)));
  ABegunIsKnown :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    ahead < count_t'(begun_end - freed_end) |-> known_q);
  logic at_begun, at_behind;
  assign at_begun  = begun_end[PlaceW-1:0] == here;
  assign at_behind = PlaceW'(begun_end[PlaceW-1:0] + 1'b1) == here;
  AProducedIsKnown :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    producing |-> room && (known_q || !at_begun) &&
      (!link_pair || (room_two && (known_q || !at_behind))));
  AFirstIsKnown :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    second_waits && !stop |-> room_two && !producing && (known_q || !at_begun));
  AFirstIsEven :
  assert property (@(posedge clk_i) disable iff (!rst_ni) next_waits |-> !index[0]);
  // A compare order that asks for a write stops the engine before its job is begun.
  AComparesWithoutSink :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    known_q && job_q.compare && job_q.sink && !job_q.finish |->
      stop && !(producing && (at_begun || (link_pair && at_behind))) &&
      !(ahead < count_t'(begun_end - freed_end)));
  AWritesInRoom :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    write_waits && !stop |-> room && !producing);
  AEndsInOrder :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    count_t'(checked_end - freed_end) <= count_t'(begun_end - freed_end) &&
    count_t'(begun_end - freed_end) <= count_t'(Buffers));
  ACopiesHoldJob :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    known_q |-> check_word == job_q && flash_word == job_q);

  // ---- promises: write enable, erase, program and the wait for the chip are all under the lock ----------
  AWritesCheckedOnly :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    flash_lock_o |-> !fetching && (known_q && checked_q || !at_freed));
  AWritesMatchedOnly :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    flash_lock_o && at_freed && job_q.check |-> matched_q);
  AWritesWhatWasAsked :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    writing && !fetching && at_freed |->
      flash_job == job_q && job_q.sink && !job_q.finish && !job_q.compare);
  AComparesWriteNothing :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    flash_lock_o && at_freed |-> !job_q.compare);
  // What the proof of the flash side assumes: its job stays while it works on it.
  AFlashJobStays :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    at_freed && !fetching && (writing || (flash_idle && flash_valid && !stop)) |=> $stable(
      flash_job
  ));
  AFlashJobIsValid :
  assert property (@(posedge clk_i) disable iff (!rst_ni) writing && !fetching |-> flash_valid);
  // What the proof of the queue assumes.
  AClearAlone :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    clear |-> !job_write && !begun && !checked && !freed);
  // What the proofs of orders and flash side assume.
  AStopStays :
  assert property (@(posedge clk_i) disable iff (!rst_ni) stop && !flash_idle |=> stop);
  ABadStops :
  assert property (@(posedge clk_i) disable iff (!rst_ni) orders_bad |=> stop);
  // What the proof of the checker assumes: the same.
  ACheckJobIsValid :
  assert property (@(posedge clk_i) disable iff (!rst_ni) checking |-> check_valid);
  ACheckJobStays :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    (checking || (checker_idle && check_valid)) && checked_place == here |-> check_job == job_q);

  CWritesChecked :
  cover property (@(posedge clk_i) disable iff (!rst_ni)
    flash_lock_o && at_freed && job_q.check && flash_cmd_valid_o);
  CTwoBegin :
  cover property (@(posedge clk_i) disable iff (!rst_ni) begun && link_pair && at_behind && !stop);
  CWritesUnchecked :
  cover property (@(posedge clk_i) disable iff (!rst_ni)
    flash_lock_o && at_freed && !job_q.check && flash_cmd_valid_o);

endmodule

bind stream_engine formal_writes #(
    .Buffers(Buffers)
) u_formal (
    .*,
    .begun_end(u_jobs.begun_q),
    .checked_end(u_jobs.checked_q),
    .freed_end(u_jobs.freed_q),
    .write_waits(u_orders.state_q == 4 && u_orders.planned_q),  // What
    .producing(u_orders.producing_q),
    .next_waits(u_orders.next_q && u_orders.state_q inside {[2 : 4]}),  // Erase, Wait, What
    .index(u_orders.index_q),
    .second_waits(u_orders.second_q),
    .match(u_checker.match),
    // Its states begin with Idle and Settle; what it gives up is no job's.
    .checking(u_checker.state_q > 1 && !(u_checker.open_q && u_checker.state_q inside {4, 5})),
    .writing(u_flash.state_q > 1),  // likewise
    .fetching(u_flash.fetching_q),
    .send_at(u_jobs.u_send_copy.at),
    .check_at(u_jobs.u_check_copy.at),
    .flash_at(u_jobs.u_flash_copy.at),
    .check_word(u_jobs.u_check_copy.word_q),
    .flash_word(u_jobs.u_flash_copy.word_q)
);
