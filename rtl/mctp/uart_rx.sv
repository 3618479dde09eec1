// SPDX-License-Identifier: Apache-2.0
//
// UART receiver, 8N1, least significant bit first. Each bit is sampled once, in its middle as far
// as the clock allows; any ClkDiv >= 4 takes a sender whose rate is off by up to 2 %. A start bit
// that is gone in its middle is ignored. After a framing error nothing is received before the line
// was high again.
module uart_rx #(
    parameter int unsigned ClkDiv = 104  // clock cycles per bit, >= 4
) (
    input  logic       clk_i,
    input  logic       rst_ni,
    input  logic       rx_i,     // asynchronous
    output logic [7:0] data_o,
    output logic       valid_o,  // one cycle, in the middle of the stop bit
    output logic       err_o     // with valid_o: the stop bit was low, data_o means nothing
);

  localparam int unsigned DivW = $clog2(ClkDiv);
  localparam logic [DivW-1:0] BitDelay = DivW'(ClkDiv - 1);
  // From the first low sample (half a cycle late on average) to the middle of the start bit.
  localparam logic [DivW-1:0] StartDelay = DivW'((ClkDiv - 1) / 2 - 1);

  typedef enum logic [1:0] {
    LineHigh,  // waiting for a start bit
    StartBit,
    DataBits,  // and the stop bit
    LineLow    // framing error, waiting for the line to rise
  } state_e;

  state_e state_q, state_d;
  logic [1:0] sync_q;
  logic [DivW-1:0] div_q, div_d;
  logic [8:0] shift_q;  // a 1 runs ahead of the data: it reaches bit 0 when they are complete
  logic rx, sample;

  assign rx = sync_q[1];
  assign sample = div_q == '0;
  assign data_o = shift_q[8:1];
  assign valid_o = state_q == DataBits && sample && shift_q[0];
  assign err_o = !rx;

  always_comb begin
    state_d = state_q;
    unique case (state_q)
      LineHigh: if (!rx) state_d = StartBit;
      StartBit: if (sample) state_d = rx ? LineHigh : DataBits;
      DataBits: if (valid_o) state_d = rx ? LineHigh : LineLow;
      LineLow:  if (rx) state_d = LineHigh;
      default:  state_d = LineHigh;
    endcase
  end

  always_comb begin
    // All ones after zero: clearing bits makes it BitDelay, in the cells of the counter.
    div_d = div_q - 1'b1;
    if (sample) div_d &= BitDelay;
    if (state_q == LineHigh) div_d = StartDelay;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      sync_q  <= '1;
      state_q <= LineHigh;
    end else begin
      sync_q  <= {sync_q[0], rx_i};
      state_q <= state_d;
    end
  end

  always_ff @(posedge clk_i) begin
    div_q <= div_d;
    if (state_q == LineHigh) shift_q <= 9'h100;
    else if (state_q == DataBits && sample) shift_q <= {rx, shift_q[8:1]};
  end

endmodule
