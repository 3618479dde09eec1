// SPDX-License-Identifier: Apache-2.0
//
// Clock and reset of the ULX3S: 50 MHz from the board's 25 MHz. The reset lasts until 256 cycles after the PLL locked.
module ulx3s_clock (
    input  logic clk_25mhz_i,
    output logic clk_o,
    output logic rst_no
);

  logic locked;
  logic [8:0] started_q;

  // 25 MHz x 2; the oscillator runs at 600 MHz, and the output's edges are on those of the input.
  EHXPLLL #(
      .CLKI_DIV    (1),
      .CLKFB_DIV   (2),
      .FEEDBK_PATH ("CLKOP"),
      .CLKOP_ENABLE("ENABLED"),
      .CLKOP_DIV   (12),
      .CLKOP_CPHASE(5)
  ) u_pll (
      .CLKI        (clk_25mhz_i),
      .CLKFB       (clk_o),
      .CLKOP       (clk_o),
      .LOCK        (locked),
      .RST         (1'b0),
      .STDBY       (1'b0),
      .PHASESEL0   (1'b0),
      .PHASESEL1   (1'b0),
      .PHASEDIR    (1'b0),
      .PHASESTEP   (1'b0),
      .PHASELOADREG(1'b0),
      .PLLWAKESYNC (1'b0),
      .ENCLKOP     (1'b0),
      .ENCLKOS     (1'b0),
      .ENCLKOS2    (1'b0),
      .ENCLKOS3    (1'b0),
      .CLKOS       (),
      .CLKOS2      (),
      .CLKOS3      (),
      .INTLOCK     (),
      .REFCLK      (),
      .CLKINTFB    ()
  );

  always_ff @(posedge clk_o or negedge locked) begin
    if (!locked) started_q <= '0;
    else if (!started_q[8]) started_q <= started_q + 1'b1;
  end
  assign rst_no = started_q[8];

endmodule
