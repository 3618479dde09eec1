// SPDX-License-Identifier: Apache-2.0
//
// The iCEBreaker with what stands around its FPGA, for the netlist: pull-ups at the flash's data lines, whose two ends
// are told apart because Verilator has no inout pins. `sd_o` is what is on the lines.
module icebreaker_card (
    input  logic       clk_i,
    input  logic       uart_rx_i,
    output logic       uart_tx_o,
    output logic       console_tx_o,
    output logic       csn_o,
    output logic       sck_o,
    output wire  [3:0] sd_o,
    input  logic [3:0] sd_i,          // the flash's
    input  logic [3:0] sd_oe_i,
    output logic       waiting_o
);

  wire [3:0] flash_io;
  logic led_green_n, unused;

  sluice_icebreaker u_board (
      .clk_12mhz  (clk_i),
      .uart_rx    (uart_rx_i),
      .uart_tx    (uart_tx_o),
      .console_tx (console_tx_o),
      .flash_csn  (csn_o),
      .flash_sck  (sck_o),
      .flash_io,
      .button_n   (1'b1),
      .led_red_n  (waiting_o),
      .led_green_n(led_green_n)
  );

  for (genvar i = 0; i < 4; i++) begin : gen_flash_io
    pullup (flash_io[i]);
    assign flash_io[i] = sd_oe_i[i] ? sd_i[i] : 1'bz;
  end
  assign sd_o   = flash_io;
  assign unused = led_green_n;

endmodule
