// SPDX-License-Identifier: Apache-2.0
//
// Decides when the link may send, drives the clock while it does, and answers for every packet
// offered: it is sent, or taken and thrown away with one pulse of drop_o.
//
// A transfer begins when the bus is free: tBUF after STOP, or when both lines were high for 50 us.
// One that fails before a byte of the packet was taken (arbitration lost, address or header not
// acknowledged) is tried again, `Tries` times in all: after the STOP of the controller that won, or
// when it was not acknowledged, after 50 us of idle bus or somebody else's STOP. No byte needs to be
// kept for that: the source byte, in which any two controllers differ, decides arbitration before
// the packet begins. What fails later is lost, and so is a packet for nobody, and one that waits
// while a bus that is not idle stands still for 25 ms.
module mctp_smbus_controller (
    input  logic clk_i,
    input  logic rst_ni,
    // the bus
    input  logic scl_i,
    input  logic scl_was_i,
    input  logic sda_i,
    input  logic fall_i,
    input  logic start_i,
    input  logic stop_i,
    output logic scl_low_o,    // drives the line
    output logic free_o,       // nothing on the bus
    // the timer
    input  logic low_done_i,
    input  logic bit_end_i,
    input  logic idle_i,
    input  logic timeout_i,
    // the transfer
    input  logic sending_i,
    input  logic ending_i,
    input  logic hold_i,       // the clock must stay low
    input  logic stretch_i,    // one cycle: the target wants it to
    input  logic begun_i,
    input  logic sent_i,
    input  logic failed_i,
    output logic begin_o,
    output logic finish_o,
    output logic abort_o,
    // packets to send
    input  logic addressed_i,  // there is somebody to send to
    input  logic tx_valid_i,
    input  logic tx_last_i,
    input  logic tx_taken_i,
    output logic tx_drain_o,   // the packet is to be taken and thrown away
    output logic drop_o        // one cycle a packet that was not sent
);

  localparam int unsigned Tries = 8;
  localparam int unsigned TriesW = $clog2(Tries);

  typedef enum logic [1:0] {
    Busy,
    Stopped,  // tBUF is running
    Free
  } bus_e;

  bus_e bus_q, bus_d;
  logic scl_low_q, scl_low_d;
  logic [TriesW-1:0] tries_q, tries_d;  // of the packet offered that failed
  logic inside_q;  // some bytes of a packet were taken, others not
  logic drain_q, drain_d;
  logic lines_high, bus_idle, bus_dead, tick, waits, begun_failed;

  // ---- whose the bus is -----------------------------------------------------------------------
  assign lines_high = scl_i && sda_i;
  assign bus_idle = idle_i && lines_high && bus_q == Busy;
  assign bus_dead = timeout_i && !lines_high;
  assign abort_o = bus_idle || bus_dead;
  assign free_o = bus_q == Free;

  always_comb begin
    bus_d = bus_q;
    if (bus_q == Stopped && low_done_i) bus_d = Free;
    if (bus_idle) bus_d = Free;
    if (stop_i) bus_d = sending_i && tries_q != '0 ? Busy : Stopped;
    if (start_i || fall_i) bus_d = Busy;
  end

  assign waits = tx_valid_i && !sending_i && !drain_q;
  assign begin_o = waits && addressed_i && bus_q == Free && lines_high;

  // ---- the clock ------------------------------------------------------------------------------
  assign tick = bit_end_i && sending_i && bus_q == Busy && scl_i && scl_was_i;
  assign finish_o = tick && ending_i;

  always_comb begin
    scl_low_d = scl_low_q;
    if (low_done_i && !hold_i && !scl_was_i) scl_low_d = 1'b0;
    if (stretch_i || (sending_i && !ending_i && fall_i) || (tick && !ending_i)) scl_low_d = 1'b1;
    if (abort_o) scl_low_d = 1'b0;
  end
  assign scl_low_o = scl_low_q;

  // ---- what becomes of the packet -------------------------------------------------------------
  assign begun_failed = failed_i && begun_i;
  assign drop_o = begun_failed || (failed_i && tries_q == '1) ||
      (waits && (!addressed_i || bus_dead));
  assign tx_drain_o = drain_q;

  always_comb begin
    tries_d = tries_q + {{TriesW - 1{1'b0}}, failed_i};
    if (sent_i || drop_o) tries_d = '0;
    drain_d = drain_q && !(tx_valid_i && tx_last_i);
    if (drop_o) drain_d = !begun_failed || inside_q;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      bus_q <= Busy;
      scl_low_q <= 1'b0;
      tries_q <= '0;
      inside_q <= 1'b0;
      drain_q <= 1'b0;
    end else begin
      bus_q <= bus_d;
      scl_low_q <= scl_low_d;
      tries_q <= tries_d;
      if (tx_taken_i) inside_q <= !tx_last_i;
      drain_q <= drain_d;
    end
  end

`ifndef SYNTHESIS
  // A controller pulls the clock low, and a target that has no room for a byte; nobody else.
  assert property (@(posedge clk_i) disable iff (!rst_ni) $rose(
      scl_low_q
  ) |-> $past(
      sending_i || stretch_i
  ));
  assert property (@(posedge clk_i) disable iff (!rst_ni) begin_o |-> !inside_q);
`endif

endmodule
