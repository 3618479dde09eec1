// SPDX-License-Identifier: Apache-2.0
//
// Sluice on the iCEBreaker: iCE40 UP5K, 12 MHz, in its smallest form: one serial link (the FTDI's second
// port, 1 Mbaud), 64 KiB of RAM and 64 KiB of stream RAM in the SPRAM, no counters, single-line flash.
// The flash is the board's own, W25Q128JV, whose first 128 KiB configure the FPGA. The console is on pin 1
// of PMOD 1A, 1 Mbaud.
module sluice_icebreaker #(
    parameter string BootRomFile = ""
) (
    input  logic       clk_12mhz,
    input  logic       uart_rx,
    output logic       uart_tx,
    output logic       console_tx,
    output logic       flash_csn,
    output logic       flash_sck,
    inout  wire  [3:0] flash_io,
    input  logic       button_n,
    output logic       led_red_n,
    output logic       led_green_n
);

  localparam int unsigned ClkHz = 12_000_000;
  localparam int unsigned Baud = 1_000_000;

  // Block RAM answers some microseconds after configuration only (iCE40 technology library, note on
  // SB_RAM40): the reset lasts 256 cycles, 21 us.
  logic [8:0] started_q;
  logic [3:0] sd_out, sd_oe, sd_in;
  logic [7:0] board, console;
  logic console_valid, console_ready, insn, waiting;

  initial started_q = '0;
  always_ff @(posedge clk_12mhz) begin
    if (!started_q[8]) started_q <= started_q + 1'b1;
  end

  sluice_soc #(
      .ClkHz         (ClkHz),
      .Baud          (Baud),
      .BootRomBytes  (6144),
      .BootRomFile   (BootRomFile),
      .RamBytes      (65536),
      .StreamRamBytes(65536),
      .Buffers       (8),
      .Outstanding   (1),
      .Counters      (1'b0),
      .Quad          (1'b0)
  ) u_soc (
      .clk_i             (clk_12mhz),
      .rst_ni            (started_q[8]),
      .uart_rx_i         (uart_rx),
      .uart_tx_o         (uart_tx),
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
      .sck_o             (flash_sck),
      .sd_o              (sd_out),
      .sd_oe_o           (sd_oe),
      .sd_i              (sd_in),
      .console_o         (console),
      .console_valid_o   (console_valid),
      .console_ready_i   (console_ready),
      .board_i           ({7'b0, !button_n}),
      .board_o           (board),
      .insn_o            (insn),
      .waiting_o         (waiting)
  );

  uart_tx #(
      .ClkDiv(ClkHz / Baud)
  ) u_console (
      .clk_i  (clk_12mhz),
      .rst_ni (started_q[8]),
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

  assign led_red_n   = waiting;  // lit while the processor works
  assign led_green_n = !board[0];

  logic unused;
  assign unused = ^{board[7:1], insn};

endmodule
