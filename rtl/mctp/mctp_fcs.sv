// SPDX-License-Identifier: Apache-2.0
//
// The frame check sequence of DSP0253 (CRC-16, reflected polynomial 8408h, preset ffffh, no
// complement), one bit a cycle, least significant bit first. Only its high byte is visible; eight
// cycles of rotation bring the low byte there.
module mctp_fcs (
    input  logic       clk_i,
    input  logic       rst_ni,    // the value is 0 until init_i
    input  logic       init_i,    // value of the revision byte alone, which begins every frame
    input  logic       shift_i,   // take data_i, or rotate by one bit
    input  logic       rotate_i,
    input  logic       data_i,
    output logic [7:0] high_o
);

  localparam logic [15:0] OfRevision = 16'h1e0e;

  logic [15:0] fcs_q, fcs_d;
  logic feedback;

  assign high_o   = fcs_q[15:8];
  assign feedback = !rotate_i && (fcs_q[0] ^ data_i);

  always_comb begin
    fcs_d = {rotate_i ? fcs_q[0] : feedback, fcs_q[15:1]};
    fcs_d[10] = fcs_q[11] ^ feedback;
    fcs_d[3] = fcs_q[4] ^ feedback;
    if (init_i) fcs_d = OfRevision;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) fcs_q <= '0;
    else if (init_i || shift_i) fcs_q <= fcs_d;
  end

endmodule
