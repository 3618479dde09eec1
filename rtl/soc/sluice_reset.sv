// SPDX-License-Identifier: Apache-2.0
//
// Makes the system's reset out of power-on (`rst_ni`), RESET.restart and the watchdog, and remembers
// which of them it was. A request resets the whole system, this module excepted, for four cycles.
module sluice_reset (
    input  logic       clk_i,
    input  logic       rst_ni,
    input  logic       restart_i,   // one-cycle requests
    input  logic       watchdog_i,
    output logic       rst_no,
    output logic [1:0] cause_o      // RESET.cause
);

  typedef enum logic [1:0] {
    PowerOn  = 2'd0,
    Restart  = 2'd1,
    Watchdog = 2'd2
  } cause_e;

  logic   [3:0] released_q;
  cause_e       cause_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      released_q <= '0;
      cause_q    <= PowerOn;
    end else begin
      released_q <= {released_q[2:0], 1'b1};
      if (restart_i) begin
        released_q <= '0;
        cause_q    <= Restart;
      end else if (watchdog_i) begin
        released_q <= '0;
        cause_q    <= Watchdog;
      end
    end
  end

  assign rst_no  = released_q[3];
  assign cause_o = cause_q;

endmodule
