// SPDX-License-Identifier: Apache-2.0
//
// The job queue: one place for each ring buffer. A job passes four ends in turn: begun (nothing of it
// is left to ask for), made (its block is in RAM, the checker may look), checked (the flash side may
// have it), freed (place and buffer may be used again). With one request outstanding a job begun is
// made; with more, requests for it may still be under way, and it is made once none is for its place
// and all jobs before it are made.
// The requester, the matcher, the checker and the flash side each read a copy of the queue of their
// own, so that a block RAM's output, not registers, holds the job they work on. With one outstanding
// the first two work on the same one.
// A job at an end is readable two cycles after that end moved.
// Two jobs may be written one after the other and be begun together; while the request for both is
// under way the first one, whose place it has, keeps the second from being made.
module stream_jobs
  import stream_pkg::*;
#(
    parameter  int unsigned Buffers     = 8,               // 2, 4, 8 or 16
    parameter  int unsigned Outstanding = 1,
    localparam int unsigned PlaceW      = $clog2(Buffers)
) (
    input logic clk_i,
    input logic rst_ni,
    input logic clear_i, // the queue is empty again

    input  job_t              job_i,
    input  logic              write_i,     // into place_o, while room_o
    input  logic              second_i,    // place_o is the place behind, while room_two_o
    output logic              room_o,
    output logic              room_two_o,
    output logic [PlaceW-1:0] place_o,

    input  logic              begun_i,          // pulses: the end moves on by one
    input  logic              begun_two_i,      // with begun_i: by two
    input  logic              checked_i,
    input  logic              freed_i,
    output logic [PlaceW-1:0] made_place_o,
    input  logic              made_fetching_i,  // a request is for made_place_o
    output logic [PlaceW-1:0] checked_place_o,

    // jobs at the places that were shown in the cycle before
    input logic [PlaceW-1:0] send_place_i,
    output job_t send_job_o,
    input logic [PlaceW-1:0] answer_place_i,  // with one outstanding send_place_i
    output job_t answer_job_o,
    output logic check_valid_o,  // a job waits at the checked end: it is made, not checked
    output job_t check_job_o,
    output logic flash_valid_o,  // a job waits at the freed end: it is checked, not freed
    output job_t flash_job_o,  // the job that flash_look_i named in the cycle before
    input fault_e flash_look_i,
    input logic [PlaceW-1:0] request_place_i  // for FaultRequest
);

  if (Buffers < 2 || Buffers > 16 || (Buffers & (Buffers - 1)) != 0) begin : gen_bad_buffers
    $error("Buffers must be 2, 4, 8 or 16");
  end

  // One bit more than a place needs tells a full queue from an empty one.
  typedef logic [PlaceW:0] end_t;
  end_t begun_q, behind, full, made, checked_q, freed_q;
  logic [PlaceW-1:0] look;

  assign behind          = begun_q + 1'b1;
  assign full            = {~freed_q[PlaceW], freed_q[PlaceW-1:0]};
  assign room_o          = begun_q != full;
  assign room_two_o      = room_o && behind != full;
  assign place_o         = second_i ? behind[PlaceW-1:0] : begun_q[PlaceW-1:0];
  assign made_place_o    = made[PlaceW-1:0];
  assign checked_place_o = checked_q[PlaceW-1:0];
  assign check_valid_o   = checked_q != made;
  assign flash_valid_o   = freed_q != checked_q;

  always_comb begin
    look = freed_q[PlaceW-1:0];
    if (flash_look_i == FaultBegun) look = begun_q[PlaceW-1:0];
    if (flash_look_i == FaultRequest) look = request_place_i;
    if (flash_look_i == FaultChecked) look = checked_q[PlaceW-1:0];
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      begun_q   <= '0;
      checked_q <= '0;
      freed_q   <= '0;
    end else if (clear_i) begin
      begun_q   <= '0;
      checked_q <= '0;
      freed_q   <= '0;
    end else begin
      if (begun_i) begun_q <= behind + end_t'(begun_two_i);
      if (checked_i) checked_q <= checked_q + 1'b1;
      if (freed_i) freed_q <= freed_q + 1'b1;
    end
  end

  prim_ram_2p #(
      .Words(Buffers),
      .Width($bits(job_t))
  ) u_send_copy (
      .clk_i,
      .we_i   (write_i),
      .waddr_i(place_o),
      .wdata_i(job_i),
      .re_i   (1'b1),
      .raddr_i(send_place_i),
      .rdata_o(send_job_o)
  );

  if (Outstanding == 1) begin : gen_one
    assign made = begun_q;
    assign answer_job_o = send_job_o;
    logic unused;
    assign unused = ^{made_fetching_i, answer_place_i};
  end else begin : gen_several
    end_t made_q;
    assign made = made_q;
    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) made_q <= '0;
      else if (clear_i) made_q <= '0;
      else if (made_q != begun_q && !made_fetching_i) made_q <= made_q + 1'b1;
    end

    prim_ram_2p #(
        .Words(Buffers),
        .Width($bits(job_t))
    ) u_answer_copy (
        .clk_i,
        .we_i   (write_i),
        .waddr_i(place_o),
        .wdata_i(job_i),
        .re_i   (1'b1),
        .raddr_i(answer_place_i),
        .rdata_o(answer_job_o)
    );
  end

  prim_ram_2p #(
      .Words(Buffers),
      .Width($bits(job_t))
  ) u_check_copy (
      .clk_i,
      .we_i   (write_i),
      .waddr_i(place_o),
      .wdata_i(job_i),
      .re_i   (1'b1),
      .raddr_i(checked_q[PlaceW-1:0]),
      .rdata_o(check_job_o)
  );

  prim_ram_2p #(
      .Words(Buffers),
      .Width($bits(job_t))
  ) u_flash_copy (
      .clk_i,
      .we_i   (write_i),
      .waddr_i(place_o),
      .wdata_i(job_i),
      .re_i   (1'b1),
      .raddr_i(look),
      .rdata_o(flash_job_o)
  );

`ifndef SYNTHESIS
  AWriteHasRoom :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    write_i |-> (second_i ? room_two_o : room_o));
  ABegunHasRoom :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    begun_i |-> (begun_two_i ? room_two_o : room_o));
  // No end overtakes the one before it: a buffer is never handed out before it was freed.
  AMadeIsBegun :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    end_t'(begun_q - made) <= end_t'(begun_q - checked_q));
  ACheckedIsMade :
  assert property (@(posedge clk_i) disable iff (!rst_ni) checked_i |-> check_valid_o);
  AFreedIsChecked :
  assert property (@(posedge clk_i) disable iff (!rst_ni) freed_i |-> flash_valid_o);
`endif

endmodule
