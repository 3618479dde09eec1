// SPDX-License-Identifier: Apache-2.0
//
// The blocking read of EVENT: a read that finds no event pending is acknowledged in the first cycle
// in which there is one, so the bus holds the processor meanwhile. Not one instruction is fetched.
module sluice_event (
    input  logic       clk_i,
    input  logic       rst_ni,
    input  logic       read_i,    // pulse: a read of EVENT begins
    input  logic [2:0] events_i,  // levels
    output logic       ack_o,     // pulse: it ends, with events_i as its data
    output logic       waiting_o  // a read is being held
);

  logic held_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) held_q <= 1'b0;
    else held_q <= read_i || waiting_o;
  end

  assign ack_o     = held_q && |events_i;
  assign waiting_o = held_q && !(|events_i);

endmodule
