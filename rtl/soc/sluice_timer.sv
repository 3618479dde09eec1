// SPDX-License-Identifier: Apache-2.0
//
// Time in milliseconds, one countdown for the program and the watchdog. A countdown set to N ends
// N ms later or up to one millisecond earlier (with the N-th tick after the write).
module sluice_timer #(
    parameter int unsigned ClkKhz = 12000
) (
    input  logic        clk_i,
    input  logic        rst_ni,
    output logic        tick_ms_o,       // one cycle each millisecond
    output logic [23:0] ms_o,            // TIME
    input  logic [15:0] set_i,           // milliseconds for the two countdowns
    input  logic        timer_set_i,     // pulse; 0 stops
    output logic        timer_o,         // ended; level until set again
    input  logic        watchdog_set_i,  // pulse; 0 is ignored
    output logic        watchdog_o       // pulse: not set again in time
);

  localparam int unsigned PrescaleWidth = $clog2(ClkKhz);

  logic [PrescaleWidth-1:0] prescale_q;
  logic [             23:0] ms_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      prescale_q <= PrescaleWidth'(ClkKhz - 1);
      ms_q       <= '0;
    end else begin
      prescale_q <= tick_ms_o ? PrescaleWidth'(ClkKhz - 1) : prescale_q - 1'b1;
      if (tick_ms_o) ms_q <= ms_q + 1'b1;
    end
  end

  assign tick_ms_o = prescale_q == '0;
  assign ms_o      = ms_q;

  // A countdown is the time of its end: an adder and a comparison, less than a counter that can be
  // loaded. The watchdog keeps the complement (-1 - (time + set)), lest synthesis shares the two
  // sums and then spends cells on moving the shared one into two registers.
  logic [15:0] timer_end_q;
  logic [15:0] watchdog_end_q;
  logic        timer_runs_q;
  logic        timer_ended_q;
  logic        watchdog_runs_q;
  logic        timer_due;
  logic        set_any;

  assign set_any    = |set_i;
  assign timer_due  = timer_runs_q && timer_end_q == ms_q[15:0];
  assign timer_o    = timer_ended_q;
  assign watchdog_o = watchdog_runs_q && watchdog_end_q == ~ms_q[15:0];

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      timer_runs_q    <= 1'b0;
      timer_ended_q   <= 1'b0;
      watchdog_runs_q <= 1'b0;
    end else begin
      if (timer_set_i) begin
        timer_runs_q  <= set_any;
        timer_ended_q <= 1'b0;
      end else if (timer_due) begin
        timer_runs_q  <= 1'b0;
        timer_ended_q <= 1'b1;
      end
      if (watchdog_set_i && set_any) watchdog_runs_q <= 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (timer_set_i) timer_end_q <= ms_q[15:0] + set_i;
    if (watchdog_set_i && set_any) watchdog_end_q <= ~set_i - ms_q[15:0];
  end

endmodule
