// SPDX-License-Identifier: Apache-2.0
//
// The one clock of the link: the time since the last event on the bus, from which all of SMBus's
// times follow. They are those of SMBus 3 for the class of BitRate, rounded up to cycles.
//
// A period is counted from one fall of the clock to the next, so that the rise time of the line
// does not make it longer; but the clock is never high for less than tHIGH. The filter sees an event
// some cycles after the pin was driven; the limits allow for that.
//
// tBUF is tLOW in every class, tHD:STA is tHIGH, and tSU:STO is shorter than a bit's high time.
module mctp_smbus_timer #(
    parameter int unsigned ClkHz     = 12_000_000,
    parameter int unsigned BitRate   = 1_000_000,
    parameter int unsigned Samples   = 2,           // of mctp_smbus_filter
    parameter int unsigned MaxPacket = 74           // bytes
) (
    input  logic clk_i,
    input  logic rst_ni,
    input  logic restart_i,  // clock fell, or data came late
    input  logic stop_i,     // STOP
    input  logic start_i,    // START
    input  logic rise_i,     // clock rose
    input  logic halt_i,     // nobody asks: the timer stands still
    output logic low_done_o,  // tLOW has passed since restart_i, or tBUF since stop_i; stays
    output logic bit_end_o,  // one cycle: the clock is to fall
    output logic idle_o,     // one cycle: nothing changed for 50 us
    output logic patient_o,  // a byte may still be held up
    output logic timeout_o   // one cycle: nothing changed for 25 to 29 ms; it restarts by itself
);

  function automatic int unsigned cycles(int unsigned ns);
    return int'((64'(ns) * 64'(ClkHz) + 64'd999_999_999) / 64'd1_000_000_000);
  endfunction
  function automatic int unsigned larger(int unsigned a, int unsigned b);
    return a > b ? a : b;
  endfunction
  function automatic int unsigned smaller(int unsigned a, int unsigned b);
    return a < b ? a : b;
  endfunction

  // Cycles from the one in which a pin begins to be driven to the one in which another can be
  // because of that.
  localparam int unsigned Lag = Samples + 3;

  // The class: 1 MHz, 400 kHz or 100 kHz. A low clock leaves room for the slowest falling edge.
  localparam int unsigned LowNs = BitRate > 400_000 ? 500 : BitRate > 100_000 ? 1300 : 4700;
  localparam int unsigned HighNs = BitRate > 400_000 ? 260 : BitRate > 100_000 ? 600 : 4000;
  localparam int unsigned FallNs = BitRate > 400_000 ? 120 : 300;
  // Data that come late restart the timer and are on the line two cycles later.
  localparam int unsigned LeastLow = larger(cycles(LowNs), Lag + 2);
  localparam int unsigned LeastHigh = larger(cycles(HighNs), Lag);
  localparam int unsigned Period = larger((ClkHz + BitRate - 1) / BitRate, LeastLow + LeastHigh);
  localparam int unsigned Low = smaller(
      larger(cycles(LowNs + FallNs), LeastLow), Period - LeastHigh
  );

  localparam int unsigned LowEnd = Low - Lag;
  localparam int unsigned BitEnd = Period - Lag;
  // STOP is seen late, and tBUF needs no room for an edge. A controller that begins later than its
  // neighbours never has the bus while they are busy.
  localparam int unsigned AfterStop = smaller(LowEnd, Low - cycles(LowNs) + Samples);
  localparam int unsigned RiseLatest = Period - LeastHigh;  // <= BitEnd
  localparam int unsigned Idle = cycles(50_000) + Period;
  // Of the time-out only the upper four bits are compared.
  localparam int unsigned Window = ClkHz / 1000 * 29;
  localparam int unsigned TimerW = $clog2(Window);
  localparam int unsigned Coarse = TimerW - 4;
  localparam logic [3:0] Timeout = 4'((ClkHz / 1000 * 25 >> Coarse) + 1);
  // tLOW:SEXT gives a target 25 ms a transfer: each byte gets the same part of it.
  localparam int unsigned PatienceBit = $clog2(ClkHz / 1000 * 25 / (MaxPacket + 1) + 1) - 1;
  localparam int unsigned BitW = $clog2(Period);
  localparam int unsigned IdleW = $clog2(Idle + 1);

  logic [TimerW-1:0] timer_q;
  logic low_done_q, late_q, late;

  // Some limits are compared in their own width: what repeats after them means nothing.
  assign low_done_o = low_done_q || timer_q[BitW-1:0] == BitW'(LowEnd);
  assign late = late_q || timer_q[BitW-1:0] == BitW'(RiseLatest);
  assign bit_end_o = timer_q[BitW-1:0] == BitW'(BitEnd);
  assign idle_o = timer_q[IdleW-1:0] == IdleW'(Idle);
  assign patient_o = !timer_q[PatienceBit];
  assign timeout_o = timer_q[TimerW-1:Coarse] == Timeout;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      timer_q <= '0;
      low_done_q <= 1'b0;
      late_q <= 1'b0;
    end else if (restart_i || stop_i || timeout_o) begin
      timer_q <= stop_i ? TimerW'(AfterStop) : '0;
      low_done_q <= 1'b0;
      late_q <= 1'b0;
    end else begin
      timer_q <= start_i || (rise_i && late) ? TimerW'(RiseLatest) : timer_q + TimerW'(!halt_i);
      low_done_q <= low_done_o;
      late_q <= late;
    end
  end

endmodule
