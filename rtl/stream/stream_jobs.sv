// SPDX-License-Identifier: Apache-2.0
//
// The job queue: one place for each ring buffer. A job passes three ends in turn: made (its block is
// in RAM, the checker may look), checked (the flash side may have it), freed (place and buffer may be
// used again). The requester, the checker and the flash side each read a copy of the queue of their
// own, so that a block RAM's output, not registers, holds the job they work on.
// A job at an end is readable two cycles after that end moved.
module stream_jobs
  import stream_pkg::*;
#(
    parameter  int unsigned Buffers = 8,               // 2, 4, 8 or 16
    localparam int unsigned PlaceW  = $clog2(Buffers)
) (
    input logic clk_i,
    input logic rst_ni,
    input logic clear_i, // the queue is empty again

    input  job_t              job_i,
    input  logic              write_i,  // into place_o, while room_o
    output logic              room_o,
    output logic [PlaceW-1:0] place_o,

    input logic made_i,     // pulses: the end moves on by one
    input logic checked_i,
    input logic freed_i,

    output job_t link_job_o,  // the job at the made end, or the checked one if
    input logic link_look_checked_i,  // this was high in the cycle before
    output logic check_valid_o,  // a job waits at the checked end: it is made, not checked
    output job_t check_job_o,
    output logic flash_valid_o,  // a job waits at the freed end: it is checked, not freed
    output job_t flash_job_o,  // the job at the end that flash_look_i named in the cycle before
    input fault_e flash_look_i
);

  if (Buffers < 2 || Buffers > 16 || (Buffers & (Buffers - 1)) != 0) begin : gen_bad_buffers
    $error("Buffers must be 2, 4, 8 or 16");
  end

  // One bit more than a place needs tells a full queue from an empty one.
  typedef logic [PlaceW:0] end_t;
  end_t made_q, checked_q, freed_q;
  logic [PlaceW-1:0] look;

  assign room_o        = made_q != {~freed_q[PlaceW], freed_q[PlaceW-1:0]};
  assign place_o       = made_q[PlaceW-1:0];
  assign check_valid_o = checked_q != made_q;
  assign flash_valid_o = freed_q != checked_q;

  always_comb begin
    look = freed_q[PlaceW-1:0];
    if (flash_look_i == FaultMade) look = made_q[PlaceW-1:0];
    if (flash_look_i == FaultChecked) look = checked_q[PlaceW-1:0];
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      made_q    <= '0;
      checked_q <= '0;
      freed_q   <= '0;
    end else if (clear_i) begin
      made_q    <= '0;
      checked_q <= '0;
      freed_q   <= '0;
    end else begin
      if (made_i) made_q <= made_q + 1'b1;
      if (checked_i) checked_q <= checked_q + 1'b1;
      if (freed_i) freed_q <= freed_q + 1'b1;
    end
  end

  prim_ram_2p #(
      .Words(Buffers),
      .Width($bits(job_t))
  ) u_link_copy (
      .clk_i,
      .we_i   (write_i),
      .waddr_i(place_o),
      .wdata_i(job_i),
      .re_i   (1'b1),
      .raddr_i(link_look_checked_i ? checked_q[PlaceW-1:0] : made_q[PlaceW-1:0]),
      .rdata_o(link_job_o)
  );

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
  assert property (@(posedge clk_i) disable iff (!rst_ni) write_i |-> room_o);
  AMadeHasRoom :
  assert property (@(posedge clk_i) disable iff (!rst_ni) made_i |-> room_o);
  // No end overtakes the one before it: a buffer is never handed out before it was freed.
  ACheckedIsMade :
  assert property (@(posedge clk_i) disable iff (!rst_ni) checked_i |-> check_valid_o);
  AFreedIsChecked :
  assert property (@(posedge clk_i) disable iff (!rst_ni) freed_i |-> flash_valid_o);
`endif

endmodule
