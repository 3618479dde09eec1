// SPDX-License-Identifier: Apache-2.0
//
// The packet error code of SMBus (CRC-8, polynomial 07h, preset 0), one bit a cycle, the most
// significant first. It is 0 after the code itself went through; to send it, send bit 7 eight times.
module mctp_smbus_pec (
    input  logic       clk_i,
    input  logic       init_i,
    input  logic       shift_i,  // take data_i
    input  logic       data_i,
    output logic [7:0] pec_o
);

  logic [7:0] pec_q;
  logic feedback;

  assign pec_o = pec_q;
  assign feedback = pec_q[7] ^ data_i;

  always_ff @(posedge clk_i) begin
    if (init_i) pec_q <= '0;
    else if (shift_i) pec_q <= {pec_q[6:2], pec_q[1] ^ feedback, pec_q[0] ^ feedback, feedback};
  end

endmodule
