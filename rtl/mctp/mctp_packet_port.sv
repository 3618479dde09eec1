// SPDX-License-Identifier: Apache-2.0
//
// The packet port: a link (rtl/README.md) for hosts that hand over whole MCTP packets, such as PCIe
// VDM or USB. Both directions are streams of 32-bit words under the handshake rule, as AXI4-Stream
// has them (data, keep, last, user = err): mctp_packet_rx and mctp_packet_tx say what a word means.
// A byte a cycle each way, both at once.
module mctp_packet_port
  import sluice_pkg::*;
#(
    parameter int unsigned MaxPacket = 255,  // longest packet received, bytes with header, 5..255
    parameter int unsigned Patience = 65536  // cycles for which a packet to send waits for the host
) (
    input  logic             clk_i,
    input  logic             rst_ni,
    // the host's packets
    input  logic      [31:0] in_data_i,
    input  logic      [ 3:0] in_keep_i,
    input  logic             in_last_i,
    input  logic             in_err_i,
    input  logic             in_valid_i,
    output logic             in_ready_o,
    // packets to the host
    output logic      [31:0] out_data_o,
    output logic      [ 3:0] out_keep_o,
    output logic             out_last_o,
    output logic             out_err_o,
    output logic             out_valid_o,
    input  logic             out_ready_i,
    // the endpoint
    output pkt_byte_t        rx_o,
    output logic             rx_valid_o,
    input  logic             rx_ready_i,
    output logic             bad_o,
    input  pkt_byte_t        tx_i,
    input  logic             tx_valid_i,
    output logic             tx_ready_o,
    output logic             tx_idle_o
);

  logic rx_bad, tx_lost;

  assign bad_o = rx_bad || tx_lost;

  mctp_packet_rx #(
      .MaxPacket(MaxPacket)
  ) u_rx (
      .clk_i,
      .rst_ni,
      .data_i     (in_data_i),
      .keep_i     (in_keep_i),
      .last_i     (in_last_i),
      .err_i      (in_err_i),
      .valid_i    (in_valid_i),
      .ready_o    (in_ready_o),
      .pkt_o      (rx_o),
      .pkt_valid_o(rx_valid_o),
      .pkt_ready_i(rx_ready_i),
      .bad_o      (rx_bad)
  );

  mctp_packet_tx #(
      .Patience(Patience)
  ) u_tx (
      .clk_i,
      .rst_ni,
      .pkt_i      (tx_i),
      .pkt_valid_i(tx_valid_i),
      .pkt_ready_o(tx_ready_o),
      .idle_o     (tx_idle_o),
      .lost_o     (tx_lost),
      .data_o     (out_data_o),
      .keep_o     (out_keep_o),
      .last_o     (out_last_o),
      .err_o      (out_err_o),
      .valid_o    (out_valid_o),
      .ready_i    (out_ready_i)
  );

endmodule
