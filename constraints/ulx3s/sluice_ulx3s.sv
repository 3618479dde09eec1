// SPDX-License-Identifier: Apache-2.0
//
// Sluice on the ULX3S: ECP5 LFE5U-25F, 50 MHz, with counters and flash data on four lines. Of its 112 KiB of
// block RAM the processor has 64 KiB and the stream RAM 32 KiB, so the ring has four buffers. The serial link
// is the board's FT231X at 1 Mbaud, the console is on pin GP0 of the header at the same rate; the flash is the one
// that configures the FPGA.
module sluice_ulx3s #(
    parameter string BootRomFile = ""
) (
    input  logic       clk_25mhz,
    input  logic       ftdi_txd,
    output logic       ftdi_rxd,
    output logic       console_tx,
    output logic       flash_csn,
    inout  wire  [3:0] flash_io,
    input  logic       button,
    output logic [7:0] led
);

  localparam int unsigned ClkHz = 50_000_000;
  localparam int unsigned Baud = 1_000_000;

  logic [3:0] sd_out, sd_oe, sd_in;
  logic [7:0] console;
  logic clk, rst_n, sck, console_valid, console_ready, insn, waiting;
  logic unused_sck;

  ulx3s_clock u_clock (
      .clk_25mhz_i(clk_25mhz),
      .clk_o      (clk),
      .rst_no     (rst_n)
  );

  sluice_soc #(
      .ClkHz         (ClkHz),
      .Baud          (Baud),
      .BootRomBytes  (6144),
      .BootRomFile   (BootRomFile),
      .RamBytes      (65536),
      .StreamRamBytes(32768),
      .Buffers       (4),
      .Outstanding   (4),
      .Counters      (1'b1),
      .Quad          (1'b1)
  ) u_soc (
      .clk_i             (clk),
      .rst_ni            (rst_n),
      .uart_rx_i         (ftdi_txd),
      .uart_tx_o         (ftdi_rxd),
      .packet_in_i       ('0),
      .packet_in_valid_i (1'b0),
      .packet_in_ready_o (),
      .packet_out_o      (),
      .packet_out_valid_o(),
      .packet_out_ready_i(1'b0),
      .smbus_scl_i       (1'b1),
      .smbus_scl_low_o   (),
      .smbus_sda_i       (1'b1),
      .smbus_sda_low_o   (),
      .smbus_own_i       ('0),
      .smbus_peer_i      ('0),
      .csn_o             (flash_csn),
      .sck_o             (sck),
      .sd_o              (sd_out),
      .sd_oe_o           (sd_oe),
      .sd_i              (sd_in),
      .console_o         (console),
      .console_valid_o   (console_valid),
      .console_ready_i   (console_ready),
      .board_i           ({7'b0, button}),
      .board_o           (led),
      .insn_o            (insn),
      .waiting_o         (waiting)
  );

  uart_tx #(
      .ClkDiv(ClkHz / Baud)
  ) u_console (
      .clk_i  (clk),
      .rst_ni (rst_n),
      .data_i (console),
      .valid_i(console_valid),
      .ready_o(console_ready),
      .tx_o   (console_tx)
  );

  for (genvar i = 0; i < 4; i++) begin : gen_flash_io
    prim_pad u_pad (
        .pad_io(flash_io[i]),
        .out_i (sd_out[i]),
        .oe_i  (sd_oe[i]),
        .in_o  (sd_in[i])
    );
  end

  prim_config_clock u_sck (
      .sck_i(sck),
      .pad_o(unused_sck)
  );

  logic unused;
  assign unused = ^{insn, waiting};

endmodule
