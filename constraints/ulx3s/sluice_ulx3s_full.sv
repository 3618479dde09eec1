// SPDX-License-Identifier: Apache-2.0
//
// For measuring only: all that sluice_soc can have on the ULX3S's FPGA, at the same 50 MHz. That is sluice_ulx3s and a
// second flash chip, LM-OTS chains, the SMBus and the packet port. The port has more pins than the board's header, so
// its words come from a shift register and go into a signature: every bit of it counts, and none is simplified away.
module sluice_ulx3s_full #(
    parameter string BootRomFile = ""
) (
    input  logic       clk_25mhz,
    input  logic       ftdi_txd,
    output logic       ftdi_rxd,
    input  logic       port_in,
    output logic       port_out,
    inout  wire        smbus_scl,
    inout  wire        smbus_sda,
    output logic       console_tx,
    output logic       flash_csn,
    output logic       flash2_csn,
    inout  wire  [3:0] flash_io,
    input  logic       button,
    output logic [7:0] led
);

  localparam int unsigned ClkHz = 50_000_000;
  localparam int unsigned Baud = 1_000_000;

  typedef struct packed {
    logic                   valid;
    sluice_pkg::port_word_t word;
  } port_t;

  port_t in_q, out, signature_q;
  logic [3:0] sd_out, sd_oe, sd_in;
  logic [7:0] console;
  logic clk, rst_n, sck, console_valid, console_ready, in_ready, insn, waiting;
  logic scl, scl_low, sda, sda_low;
  logic unused_sck;

  ulx3s_clock u_clock (
      .clk_25mhz_i(clk_25mhz),
      .clk_o      (clk),
      .rst_no     (rst_n)
  );

  always_ff @(posedge clk) begin
    in_q        <= {in_q[$bits(port_t)-2:0], port_in};
    signature_q <= {signature_q[$bits(port_t)-2:0], in_ready} ^ out;
  end
  assign port_out = signature_q.valid;

  sluice_soc #(
      .ClkHz         (ClkHz),
      .PacketPort    (1'b1),
      .SmbusLink     (1'b1),
      .Baud          (Baud),
      .BootRomBytes  (6144),
      .BootRomFile   (BootRomFile),
      .RamBytes      (65536),
      .StreamRamBytes(32768),
      .Buffers       (4),
      .Outstanding   (4),
      .Counters      (1'b1),
      .Chain         (1'b1),
      .Quad          (1'b1),
      .FlashChips    (2)
  ) u_soc (
      .clk_i             (clk),
      .rst_ni            (rst_n),
      .uart_rx_i         (ftdi_txd),
      .uart_tx_o         (ftdi_rxd),
      .packet_in_i       (in_q.word),
      .packet_in_valid_i (in_q.valid),
      .packet_in_ready_o (in_ready),
      .packet_out_o      (out.word),
      .packet_out_valid_o(out.valid),
      .packet_out_ready_i(in_q.word.err),
      .smbus_scl_i       (scl),
      .smbus_scl_low_o   (scl_low),
      .smbus_sda_i       (sda),
      .smbus_sda_low_o   (sda_low),
      .smbus_own_i       (7'h20),
      .smbus_peer_i      ('0),
      .csn_o             ({flash2_csn, flash_csn}),
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

  prim_pad u_scl (
      .pad_io(smbus_scl),
      .out_i (1'b0),
      .oe_i  (scl_low),
      .in_o  (scl)
  );
  prim_pad u_sda (
      .pad_io(smbus_sda),
      .out_i (1'b0),
      .oe_i  (sda_low),
      .in_o  (sda)
  );

  prim_config_clock u_sck (
      .sck_i(sck),
      .pad_o(unused_sck)
  );

  logic unused;
  assign unused = ^{insn, waiting};

endmodule
