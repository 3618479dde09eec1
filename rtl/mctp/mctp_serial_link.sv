// SPDX-License-Identifier: Apache-2.0
//
// A serial MCTP link (DSP0253): pins on one side, the link interface of rtl/README.md on the other.
// The line does not wait: a beat received that is not taken before the next byte of the line costs
// the packet.
module mctp_serial_link
  import sluice_pkg::*;
#(
    parameter int unsigned ClkDiv    = 104,  // clock cycles per bit, >= 4
    parameter int unsigned MaxPacket = 74    // longest packet received, bytes with header, 5..255
) (
    input  logic            clk_i,
    input  logic            rst_ni,
    input  logic            uart_rx_i,
    output logic            uart_tx_o,
    output pkt_byte_t       rx_o,
    output logic            rx_valid_o,
    input  logic            rx_ready_i,
    output logic            bad_o,       // one cycle a bad frame
    input  pkt_byte_t       tx_i,
    input  logic      [7:0] tx_len_i,    // bytes of the packet offered, until one is taken
    input  logic            tx_valid_i,
    output logic            tx_ready_o,
    output logic            tx_idle_o    // nothing offered, nothing on the line
);

  logic [7:0] rx_byte, tx_byte;
  logic rx_byte_valid, rx_byte_err, tx_byte_valid, tx_byte_ready, framer_idle;

  assign tx_idle_o = framer_idle && tx_byte_ready;

  uart_rx #(
      .ClkDiv(ClkDiv)
  ) u_uart_rx (
      .clk_i,
      .rst_ni,
      .rx_i   (uart_rx_i),
      .data_o (rx_byte),
      .valid_o(rx_byte_valid),
      .err_o  (rx_byte_err)
  );

  mctp_serial_rx #(
      .MaxPacket(MaxPacket)
  ) u_rx (
      .clk_i,
      .rst_ni,
      .byte_i      (rx_byte),
      .byte_valid_i(rx_byte_valid),
      .byte_err_i  (rx_byte_err),
      .pkt_o       (rx_o),
      .pkt_valid_o (rx_valid_o),
      .pkt_ready_i (rx_ready_i),
      .bad_o
  );

  mctp_serial_tx u_tx (
      .clk_i,
      .rst_ni,
      .len_i       (tx_len_i),
      .pkt_i       (tx_i),
      .pkt_valid_i (tx_valid_i),
      .pkt_ready_o (tx_ready_o),
      .idle_o      (framer_idle),
      .byte_o      (tx_byte),
      .byte_valid_o(tx_byte_valid),
      .byte_ready_i(tx_byte_ready)
  );

  uart_tx #(
      .ClkDiv(ClkDiv)
  ) u_uart_tx (
      .clk_i,
      .rst_ni,
      .data_i (tx_byte),
      .valid_i(tx_byte_valid),
      .ready_o(tx_byte_ready),
      .tx_o   (uart_tx_o)
  );

endmodule
