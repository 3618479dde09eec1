// SPDX-License-Identifier: Apache-2.0
//
// What stream_jobs promises of an arbitrary place: it is written only while it is nobody's, its job passes
// the ends in turn, and whoever reads it reads the job that was written. So it is when two jobs are written one
// after the other and begun together.
module formal_jobs
  import stream_pkg::*;
#(
    parameter  int unsigned Buffers     = 8,
    parameter  int unsigned Outstanding = 1,
    localparam int unsigned PlaceW      = $clog2(Buffers)
) (
    input logic                clk_i,
    input logic                rst_ni,
    input logic                clear_i,
    input job_t                job_i,
    input logic                write_i,
    input logic                second_i,
    input logic                room_o,
    input logic                room_two_o,
    input logic   [PlaceW-1:0] place_o,
    input logic                begun_i,
    input logic                begun_two_i,
    input logic                checked_i,
    input logic                freed_i,
    input logic                made_fetching_i,
    input logic   [PlaceW-1:0] made_place_o,
    input logic   [PlaceW-1:0] checked_place_o,
    input logic                check_valid_o,
    input job_t                check_job_o,
    input logic                flash_valid_o,
    input job_t                flash_job_o,
    input fault_e              flash_look_i,
    input logic   [PlaceW-1:0] send_place_i,
    input job_t                send_job_o,
    input logic   [  PlaceW:0] begun_q,
    input logic   [  PlaceW:0] made,
    input logic   [  PlaceW:0] checked_q,
    input logic   [  PlaceW:0] freed_q,
    input logic   [PlaceW-1:0] send_at,          // the place of which each copy remembers the job
    input logic   [PlaceW-1:0] check_at,
    input logic   [PlaceW-1:0] flash_at,
    input job_t                send_word,        // and that job
    input job_t                check_word,
    input job_t                flash_word
);

  logic started_q = 1'b0;
  always_ff @(posedge clk_i) started_q <= 1'b1;
  always_comb assume (started_q || !rst_ni);

  logic [PlaceW-1:0] place;  // any, always the same
  always_ff @(posedge clk_i) place <= place;
  always_comb assume (send_at == place && check_at == place && flash_at == place);

  // ---- what has become of the place since it was written --------------------------------------------
  typedef enum logic [2:0] {
    Free,
    Written,
    Begun,
    Made,
    Checked
  } state_e;
  state_e state_q;
  job_t   job_q;  // written last
  logic   known_q;  // there is one
  logic   freed_once_q;
  logic   second_once_q;  // begun as the second of two
  logic at_written, at_begun, at_behind, begins, at_made, at_checked, at_freed;
  assign at_written = place_o == place;
  assign at_begun   = begun_q[PlaceW-1:0] == place;
  assign at_behind  = PlaceW'(begun_q[PlaceW-1:0] + 1'b1) == place;
  assign begins     = begun_i && (at_begun || (begun_two_i && at_behind));
  assign at_made    = made_place_o == place && made != begun_q;
  assign at_checked = checked_place_o == place;
  assign at_freed   = freed_q[PlaceW-1:0] == place;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q       <= Free;
      known_q       <= 1'b0;
      freed_once_q  <= 1'b0;
      second_once_q <= 1'b0;
    end else if (clear_i) begin
      state_q <= Free;
      known_q <= 1'b0;
    end else begin
      if (write_i && at_written) begin
        state_q <= Written;
        known_q <= 1'b1;
        job_q   <= job_i;
      end
      if (begins) begin
        state_q       <= Begun;
        second_once_q <= !at_begun;
      end
      if (Outstanding > 1 && at_made && !made_fetching_i) state_q <= Made;
      if (checked_i && at_checked) state_q <= Checked;
      if (freed_i && at_freed) begin
        state_q      <= Free;
        freed_once_q <= 1'b1;
      end
    end
  end

  // ---- what the engine's other modules owe ---------------------------------------------------------------
  // Jobs are begun after they were written, and nothing moves while the queue is cleared.
  ABegunIsWritten :
  assume property (@(posedge clk_i) disable iff (!rst_ni) begins |-> state_q == Written);
  AClearAlone :
  assume property (@(posedge clk_i) disable iff (!rst_ni)
    clear_i |-> !write_i && !begun_i && !checked_i && !freed_i);

  // With one outstanding a job is made when it is begun, and there is no end to see it by.
  localparam state_e MadeOrBegun = Outstanding == 1 ? Begun : Made;

  // ---- where the place is between the ends, which is what the proof stands on --------------------------
  typedef logic [PlaceW:0] count_t;
  count_t ahead, checked, made_jobs, begun;  // of the places from the freed end on
  assign ahead     = count_t'(PlaceW'(place - freed_q[PlaceW-1:0]));
  assign checked   = checked_q - freed_q;
  assign made_jobs = made - freed_q;
  assign begun     = begun_q - freed_q;
  state_e expected;
  always_comb begin
    expected = Free;
    if (ahead < begun) expected = Begun;
    if (ahead < made_jobs) expected = MadeOrBegun;
    if (ahead < checked) expected = Checked;
  end
  APlaceIsWhereItsEndsSay :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    state_q == expected || (state_q == Written && expected == Free));

  ACopiesHoldJob :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    known_q |-> send_word == job_q && check_word == job_q && flash_word == job_q);

  // ---- promises ------------------------------------------------------------------------------------------
  AWrittenWhileFree :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    write_i && at_written |-> state_q == Free || state_q == Written);
  // The first of two is written at the begun end, the second one behind it: where they are begun.
  AWritesWhereItBegins :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    write_i |-> at_written == (second_i ? at_behind : at_begun));
  AWithinRing :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    (PlaceW + 1)'(begun_q - freed_q) <= (PlaceW + 1)'(Buffers));
  AEndsInOrder :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    (PlaceW + 1)'(checked_q - freed_q) <= (PlaceW + 1)'(made - freed_q) &&
    (PlaceW + 1)'(made - freed_q) <= (PlaceW + 1)'(begun_q - freed_q));
  AFullHasNoRoom :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    room_o == ((PlaceW + 1)'(begun_q - freed_q) != (PlaceW + 1)'(Buffers)) &&
    room_two_o == ((PlaceW + 1)'(begun_q - freed_q) < (PlaceW + 1)'(Buffers - 1)));
  ACheckerSeesMade :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    check_valid_o && at_checked |-> state_q == MadeOrBegun);
  AFlashSeesChecked :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    flash_valid_o && at_freed |-> state_q == Checked);

  // What the proof of the orders assumes.
  ARoomStays :
  assert property (@(posedge clk_i) disable iff (!rst_ni) !begun_i |=> (!$past(
      room_o
  ) || room_o) && (!$past(
      room_two_o
  ) || room_two_o));

  // The cycle behind the one in which the place was shown, unless it was written in that one.
  logic shown;
  assign shown = known_q && !(write_i && at_written);
  ACheckerReadsJob :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    shown && at_checked && !clear_i |=> check_job_o == job_q);
  AFlashReadsJob :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    shown && at_freed && flash_look_i == FaultNone && !clear_i |=> flash_job_o == job_q);
  AReaderOfBegunReadsJob :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    shown && at_begun && flash_look_i == FaultBegun && !clear_i |=> flash_job_o == job_q);
  ASenderReadsJob :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    shown && send_place_i == place && !clear_i |=> send_job_o == job_q);

  CFull :
  cover property (@(posedge clk_i) disable iff (!rst_ni) !room_o && state_q == Checked);
  CUsedAgain :
  cover property (@(posedge clk_i) disable iff (!rst_ni)
    freed_once_q && state_q == Checked && at_freed && flash_valid_o);
  CSecondChecked :
  cover property (@(posedge clk_i) disable iff (!rst_ni)
    second_once_q && state_q == Checked && at_freed && flash_valid_o);

endmodule

bind stream_jobs formal_jobs #(
    .Buffers    (Buffers),
    .Outstanding(Outstanding)
) u_formal (
    .*,
    .send_at(u_send_copy.at),
    .check_at(u_check_copy.at),
    .flash_at(u_flash_copy.at),
    .send_word(u_send_copy.word_q),
    .check_word(u_check_copy.word_q),
    .flash_word(u_flash_copy.word_q)
);
