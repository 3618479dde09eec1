// SPDX-License-Identifier: Apache-2.0
//
// The clock pin of the flash that configures the chip, where that pin is not an ordinary one: on ECP5
// it is reached through USRMCLK, `pad_o` then has no pin and stays high. Elsewhere `pad_o` is the clock.
module prim_config_clock (
    input  logic sck_i,
    output logic pad_o
);

`ifdef SLUICE_ECP5
  USRMCLK u_mclk (
      .USRMCLKI (sck_i),
      .USRMCLKTS(1'b0)
  );
  assign pad_o = 1'b1;
`else
  assign pad_o = sck_i;
`endif

endmodule
