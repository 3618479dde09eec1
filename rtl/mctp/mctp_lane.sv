// SPDX-License-Identifier: Apache-2.0
//
// What the endpoint has for each of its links: the router, the processor's receive FIFO, and the
// arbiter that merges what the stream engine and the processor send.
module mctp_lane
  import sluice_pkg::*;
#(
    parameter int unsigned MaxPacket = 74,   // longest packet received, bytes with header, 5..255
    parameter bit          Fast      = 1'b0  // a byte a cycle (mctp_router_fast)
) (
    input logic clk_i,
    input logic rst_ni,
    input logic [7:0] own_eid_i,
    // the link
    input pkt_byte_t rx_i,
    input logic rx_valid_i,
    output logic rx_ready_o,
    output pkt_byte_t tx_o,
    output logic [7:0] tx_len_o,
    output logic tx_valid_o,
    input logic tx_ready_i,
    // the stream engine
    output pkt_byte_t stream_rx_o,
    output logic [1:0] stream_rx_tag_o,  // of the packet, while its first byte is offered
    output logic stream_rx_valid_o,
    input logic stream_rx_ready_i,
    input pkt_byte_t stream_tx_i,
    input logic [7:0] stream_tx_len_i,
    input logic stream_tx_valid_i,
    output logic stream_tx_ready_o,
    // the processor, as mctp_packet_fifo
    output logic [7:0] rx_length_o,
    output logic [7:0] rx_data_o,
    input logic rx_pop_i,
    input pkt_byte_t proc_tx_i,
    input logic [7:0] proc_tx_len_i,
    input logic proc_tx_valid_i,
    output logic proc_tx_ready_o,
    output logic drop_o  // one cycle a good packet not for us or without room
);

  pkt_byte_t proc_rx;
  logic proc_rx_valid, proc_rx_ready, router_drop, fifo_drop;
  logic unused_room, unused_empty, unused_data_valid, unused_tag;

  assign drop_o = router_drop || fifo_drop;

  if (Fast) begin : gen_fast
    mctp_router_fast u_router (
        .clk_i,
        .rst_ni,
        .own_eid_i,
        .pkt_i         (rx_i),
        .pkt_valid_i   (rx_valid_i),
        .pkt_ready_o   (rx_ready_o),
        .stream_o      (stream_rx_o),
        .stream_tag_o  (stream_rx_tag_o),
        .stream_valid_o(stream_rx_valid_o),
        .stream_ready_i(stream_rx_ready_i),
        .proc_o        (proc_rx),
        .proc_valid_o  (proc_rx_valid),
        .proc_ready_i  (proc_rx_ready),
        .drop_o        (router_drop)
    );
  end else begin : gen_small
    mctp_router u_router (
        .clk_i,
        .rst_ni,
        .own_eid_i,
        .pkt_i         (rx_i),
        .pkt_valid_i   (rx_valid_i),
        .pkt_ready_o   (rx_ready_o),
        .stream_o      (stream_rx_o),
        .stream_tag_o  (stream_rx_tag_o),
        .stream_valid_o(stream_rx_valid_o),
        .stream_ready_i(stream_rx_ready_i),
        .proc_o        (proc_rx),
        .proc_valid_o  (proc_rx_valid),
        .proc_ready_i  (proc_rx_ready),
        .drop_o        (router_drop)
    );
  end

  mctp_packet_fifo #(
      .MaxPacket(MaxPacket)
  ) u_rx_fifo (
      .clk_i,
      .rst_ni,
      .pkt_i       (proc_rx),
      .pkt_valid_i (proc_rx_valid),
      .pkt_ready_o (proc_rx_ready),
      .tag_i       (1'b0),
      .room_o      (unused_room),
      .empty_o     (unused_empty),
      .drop_o      (fifo_drop),
      .length_o    (rx_length_o),
      .data_o      (rx_data_o),
      .tag_o       (unused_tag),
      .data_valid_o(unused_data_valid),
      .pop_i       (rx_pop_i)
  );

  mctp_tx_arbiter u_arbiter (
      .clk_i,
      .rst_ni,
      .pkt_i      ({stream_tx_i, proc_tx_i}),
      .len_i      ({stream_tx_len_i, proc_tx_len_i}),
      .pkt_valid_i({stream_tx_valid_i, proc_tx_valid_i}),
      .pkt_ready_o({stream_tx_ready_o, proc_tx_ready_o}),
      .pkt_o      (tx_o),
      .len_o      (tx_len_o),
      .pkt_valid_o(tx_valid_o),
      .pkt_ready_i(tx_ready_i)
  );

endmodule
