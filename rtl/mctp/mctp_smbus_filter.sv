// SPDX-License-Identifier: Apache-2.0
//
// One line of the bus as the link sees it: synchronised, and changed only once `Samples` samples in
// a row agree. A spike that is too short for that never happened. A change of the pin is in level_o
// Samples + 1 clock edges later.
module mctp_smbus_filter #(
    parameter int unsigned Samples = 2  // >= 2
) (
    input  logic clk_i,
    input  logic rst_ni,
    input  logic pin_i,    // asynchronous
    output logic level_o,
    output logic was_o     // level_o of the cycle before
);

  logic [Samples:0] sample_q;  // bit 0 may be metastable, bit 1 is the newest to use
  logic was_q;

  assign level_o = was_q ? sample_q[Samples:1] != '0 : sample_q[Samples:1] == '1;
  assign was_o   = was_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      sample_q <= '1;
      was_q <= 1'b1;
    end else begin
      sample_q <= {sample_q[Samples-1:0], pin_i};
      was_q <= level_o;
    end
  end

endmodule
