// SPDX-License-Identifier: Apache-2.0
//
// One RequestFirmwareData (DSP0267 clause 11.6) from its begin to its answer. When its answer is lost
// or malformed it is due again, at once or after `timeout_ms_i` without a packet of it; after
// RETRY_REQUEST_FW_DATA, when `delay_ms_i` are over; at most `retries_i` times. Chunk and instance ID
// stay as they are until the next begin.
// What happens while it is being sent again: a good answer counts, but the sending ends first; an
// answer that would have made it due is no news.
module stream_request
  import sluice_pkg::*;
  import sluice_regs_pkg::*;
#(
    parameter int unsigned PlaceW = 3,
    parameter int unsigned CountW = 5   // of the bits by which successive instance IDs differ
) (
    input logic clk_i,
    input logic rst_ni,

    input logic [ 3:0] retries_i,
    input logic [15:0] timeout_ms_i,
    input logic [15:0] delay_ms_i,
    input logic        tick_ms_i,

    // the chunk to ask for
    input  logic              begin_i,     // pulse, while free_o
    input  logic [PlaceW-1:0] place_i,     // of its block in the job queue
    input  logic [       6:0] position_i,  // in the block, in units of 32 bytes
    input  logic              pair_i,      // it is that block whole and the one at the next place
    output logic [PlaceW-1:0] place_o,
    output logic [       6:0] position_o,
    output logic              pair_o,
    output logic [CountW-1:0] count_o,

    // the sender's work on it
    output logic due_o,
    output logic repeated_o,  // it was sent before
    input  logic sending_i,   // from its choice until sent_i
    input  logic sent_i,      // pulse: it has left, or with stop_i is given up

    // the answer's verdict, pulses while expect_o
    output logic expect_o,
    input  logic grows_i,   // a good packet has come
    input  logic good_i,
    input  logic broken_i,
    input  logic retry_i,
    input  logic error_i,

    input  logic         stop_i,     // give up as soon as no packet is cut short by it
    output logic         free_o,     // no chunk, or its answer is good in this cycle
    output logic         busy_o,
    output logic         awaited_o,
    output logic         fail_o,     // pulse: give up everything
    output stop_reason_t reason_o
);

  typedef enum logic [2:0] {
    Free,
    Due,       // to be sent, or being sent
    Answered,  // good already, still being sent
    Awaited,
    Delayed    // by RETRY_REQUEST_FW_DATA
  } state_e;

  state_e state_q, state_d;
  logic [CountW-1:0] count_q;
  logic [PlaceW-1:0] place_q;
  logic [       6:0] position_q;
  logic              pair_q;
  logic [       3:0] repeats_q;
  logic [      15:0] timer_q;

  logic              repeated;  // if repeats are left
  logic              exhausted;
  logic              expired;

  assign exhausted = repeats_q == retries_i;
  assign expired   = timer_q == (state_q == Delayed ? delay_ms_i : timeout_ms_i);

  always_comb begin
    state_d  = state_q;
    repeated = 1'b0;
    fail_o   = 1'b0;
    reason_o = stop_reason_e__TIMEOUT;

    unique case (state_q)
      Free: ;
      Due: begin
        if (sent_i) state_d = Awaited;
        if (good_i) state_d = sending_i && !sent_i ? Answered : Free;
      end
      Answered: if (sent_i) state_d = Free;
      Awaited: begin
        if (good_i) begin
          state_d = Free;
        end else if (broken_i) begin
          repeated = 1'b1;
          reason_o = stop_reason_e__LENGTH;
        end else if (retry_i) begin
          state_d  = Delayed;
          reason_o = stop_reason_e__COMPLETION_CODE;
          fail_o   = exhausted;
        end else if (expired) begin
          repeated = 1'b1;
        end
      end
      Delayed: repeated = expired;
      default: state_d = Free;
    endcase

    if (repeated) begin
      fail_o  = exhausted;
      state_d = Due;
    end
    if (error_i && !retry_i) begin
      reason_o = stop_reason_e__COMPLETION_CODE;
      fail_o   = 1'b1;
    end
    if ((stop_i || fail_o) && (!sending_i || sent_i)) state_d = Free;
    if (begin_i) state_d = Due;
  end

  assign place_o    = place_q;
  assign position_o = position_q;
  assign pair_o     = pair_q;
  assign count_o    = count_q;
  assign due_o      = state_q == Due && !(good_i || error_i);
  assign repeated_o = repeats_q != '0;
  assign awaited_o  = state_q == Awaited;
  assign expect_o   = (awaited_o || (state_q == Due && repeated_o)) && !stop_i;
  assign busy_o     = state_q != Free;
  assign free_o     = !busy_o || (awaited_o && good_i);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= Free;
      count_q <= '0;
    end else begin
      state_q <= state_d;
      if (begin_i) count_q <= count_q + 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (begin_i) begin
      place_q    <= place_i;
      position_q <= position_i;
      pair_q     <= pair_i;
      repeats_q  <= '0;
    end else if (repeated) begin
      repeats_q <= repeats_q + 1'b1;
    end
    if (state_q == Due || grows_i || retry_i) timer_q <= '0;
    else if (tick_ms_i) timer_q <= timer_q + 1'b1;
  end

`ifndef SYNTHESIS
  ABeginsFree :
  assert property (@(posedge clk_i) disable iff (!rst_ni) begin_i |-> free_o && !stop_i);
  // While it is out nothing about it changes: its repeats are the same bytes.
  AStays :
  assert property (@(posedge clk_i) disable iff (!rst_ni) busy_o && !begin_i |=> $stable(
      {place_q, position_q, pair_q, count_q}
  ));
  AVerdictIsExpected :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    grows_i || good_i || broken_i || retry_i || error_i |-> expect_o);
  ASendsWhatIsDue :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    sending_i |-> state_q inside {Due, Answered});
`endif

endmodule
