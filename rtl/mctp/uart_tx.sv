// SPDX-License-Identifier: Apache-2.0
//
// UART transmitter, 8N1, least significant bit first: ClkDiv cycles a bit, exactly. A byte offered
// in time follows the one before it without a gap.
module uart_tx #(
    parameter int unsigned ClkDiv = 104  // clock cycles per bit, >= 2
) (
    input  logic       clk_i,
    input  logic       rst_ni,
    input  logic [7:0] data_i,
    input  logic       valid_i,
    output logic       ready_o,  // high while the line is idle and in the last cycle of a stop bit
    output logic       tx_o
);

  localparam int unsigned DivW = $clog2(ClkDiv);
  localparam logic [DivW-1:0] BitDelay = DivW'(ClkDiv - 1);

  logic [9:0] shift_q, shift_d;  // bit 0 is on the line; the stop bit is the last 1 in it and stays
  logic [DivW-1:0] div_q, div_d;
  logic bit_end, stop_bit;

  assign bit_end = div_q == '0;
  assign stop_bit = shift_q[9:1] == '0;
  assign ready_o = bit_end && stop_bit;
  assign tx_o = shift_q[0];

  always_comb begin
    shift_d = shift_q;
    div_d   = div_q - 1'b1;
    if (bit_end) begin
      div_d = BitDelay;
      if (!stop_bit) shift_d = {1'b0, shift_q[9:1]};
      else if (valid_i) shift_d = {1'b1, data_i, 1'b0};
      else div_d = '0;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      shift_q <= 10'h001;
      div_q   <= '0;
    end else begin
      shift_q <= shift_d;
      div_q   <= div_d;
    end
  end

`ifndef SYNTHESIS
  assert property (@(posedge clk_i) disable iff (!rst_ni)
                   valid_i && !ready_o |=> valid_i && $stable(
      data_i
  ));
`endif

endmodule
