// SPDX-License-Identifier: Apache-2.0
//
// What happens on the two lines of an SMBus: filtered levels, edges of the clock, START and STOP.
// Each event lasts one cycle. START and STOP are told `Samples` cycles late, when the clock is still
// high: data that change with the clock make neither, even when a spike beside its edge lets the
// filter see it late.
module mctp_smbus_lines #(
    parameter int unsigned Samples = 2  // of mctp_smbus_filter
) (
    input  logic clk_i,
    input  logic rst_ni,
    input  logic scl_i,      // asynchronous
    input  logic sda_i,      // asynchronous
    output logic scl_o,
    output logic scl_was_o,  // scl_o of the cycle before
    output logic sda_o,
    output logic rise_o,     // of the clock
    output logic fall_o,
    output logic start_o,
    output logic stop_o
);

  logic sda_was, scl_before_q, moved;
  logic [Samples-1:0] moved_q;

  mctp_smbus_filter #(
      .Samples(Samples)
  ) u_scl (
      .clk_i,
      .rst_ni,
      .pin_i  (scl_i),
      .level_o(scl_o),
      .was_o  (scl_was_o)
  );

  mctp_smbus_filter #(
      .Samples(Samples)
  ) u_sda (
      .clk_i,
      .rst_ni,
      .pin_i  (sda_i),
      .level_o(sda_o),
      .was_o  (sda_was)
  );

  // The data line moved, and the clock was high two cycles before; then `Samples` cycles more.
  assign moved = (sda_o != sda_was) && scl_o && scl_was_o && scl_before_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      scl_before_q <= 1'b1;
      moved_q <= '0;
    end else begin
      scl_before_q <= scl_was_o;
      moved_q <= {moved_q[Samples-2:0], moved} & {Samples{scl_o}};
    end
  end

  assign rise_o  = scl_o && !scl_was_o;
  assign fall_o  = !scl_o && scl_was_o;
  assign start_o = moved_q[Samples-1] && scl_o && !sda_o;
  assign stop_o  = moved_q[Samples-1] && scl_o && sda_o;

endmodule
