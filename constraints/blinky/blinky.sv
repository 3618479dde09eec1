// SPDX-License-Identifier: Apache-2.0
//
// Something to update a card with: a design for the iCEBreaker that blinks its LEDs. Two versions differ
// in how: while `Pattern` has a one for the present eighth of the period (1.4 s), the red LED is lit.
module blinky #(
    parameter int unsigned Pattern = 8'b0000_0001
) (
    input  logic clk_12mhz,
    output logic led_red_n,
    output logic led_green_n
);

  localparam logic [7:0] Lit = 8'(Pattern);

  logic [23:0] count_q;  // from any value

  always_ff @(posedge clk_12mhz) begin
    count_q <= count_q + 1'b1;
  end

  assign led_red_n   = !Lit[count_q[23:21]];
  assign led_green_n = !count_q[23];

endmodule
