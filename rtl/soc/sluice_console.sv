// SPDX-License-Identifier: Apache-2.0
//
// The processor's console: a write to CONSOLE offers its character to the outside and ends when it
// was taken. A program that must not wait reads CONSOLE first: zero means that it would not.
// `data_i` is the processor's, which keeps it until the write ends.
module sluice_console (
    input  logic       clk_i,
    input  logic       rst_ni,
    input  logic       write_i,          // pulse: a write begins
    input  logic [7:0] data_i,
    output logic       ack_o,            // pulse: it ends
    output logic [7:0] console_o,
    output logic       console_valid_o,
    input  logic       console_ready_i
);

  logic held_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) held_q <= 1'b0;
    else held_q <= write_i || (held_q && !console_ready_i);
  end

  assign console_o       = data_i;
  assign console_valid_o = held_q;
  assign ack_o           = held_q && console_ready_i;

endmodule
