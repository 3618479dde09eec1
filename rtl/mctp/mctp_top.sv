// SPDX-License-Identifier: Apache-2.0
//
// MCTP endpoint on one serial line: link, router, receive FIFO of the processor, transmit FIFO of
// the processor, and the arbiter that merges its packets with those of the stream engine.
// Everything but the link meets at packet streams.
//
// Stream side: stream_rx_o carries the packets with TO = 0 and a tag below StreamTags, from first
// to last beat; the four header bytes come together, the others at the rate of the line. A beat not
// taken within eight bit times costs the packet (it then ends with `err`). stream_tx_i carries
// packets of StreamTxBytes; their beats are taken at the rate of the line.
//
// Processor side: the fields of RX_STATUS, RX_DATA, TX_STATUS and TX_DATA in rtl/regs/sluice.rdl.
// The receive FIFO holds four packets of any length (two when MaxPacket > 127), and so does the
// transmit FIFO.
//
// A sender keeps to 68 bytes, the baseline transmission unit and its header; the receiver takes a
// few more from those that do not.
module mctp_top
  import sluice_pkg::*;
#(
    parameter int unsigned ClkDiv = 104,  // clock cycles per bit of the line, >= 4
    parameter int unsigned MaxPacket = 74,  // longest packet received, bytes with header, 5..255
    parameter int unsigned StreamTxBytes = 16  // of every packet that the stream engine sends
) (
    input  logic       clk_i,
    input  logic       rst_ni,
    input  logic       uart_rx_i,
    output logic       uart_tx_o,
    input  logic [7:0] own_eid_i,

    output pkt_byte_t stream_rx_o,
    output logic      stream_rx_valid_o,
    input  logic      stream_rx_ready_i,
    input  pkt_byte_t stream_tx_i,
    input  logic      stream_tx_valid_i,
    output logic      stream_tx_ready_o,

    output logic [7:0] rx_length_o,    // bytes left of the packet at the head, 0: none
    output logic [7:0] rx_data_o,      // the next one, two cycles after a pop or a new length
    input  logic       rx_pop_i,       // only when rx_data_o is there
    input  logic [7:0] tx_data_i,
    input  logic       tx_last_i,
    input  logic       tx_push_i,      // not in the cycle after a push with tx_last_i
    output logic       tx_ready_o,     // a whole packet fits
    output logic       tx_idle_o,      // no packet of either source is queued or on the line
    output logic [7:0] link_errors_o,  // bad frames; wraps
    output logic [7:0] drops_o         // good packets not for us or without room in the FIFO; wraps
);

  pkt_byte_t link_rx, link_tx, proc_rx, proc_tx, proc_push;
  logic link_rx_valid, link_rx_ready, link_rx_bad, link_tx_valid, link_tx_ready, link_tx_idle;
  logic proc_rx_valid, proc_rx_ready, proc_tx_valid, proc_tx_ready, proc_tx_empty;
  logic router_drop, fifo_drop;
  logic unused_rx_room, unused_rx_empty, unused_rx_data_valid, unused_push_ready, unused_tx_drop;
  logic [7:0] link_tx_len, proc_tx_len;

  mctp_serial_link #(
      .ClkDiv(ClkDiv),
      .MaxPacket(MaxPacket)
  ) u_link (
      .clk_i,
      .rst_ni,
      .uart_rx_i,
      .uart_tx_o,
      .rx_o      (link_rx),
      .rx_valid_o(link_rx_valid),
      .rx_ready_i(link_rx_ready),
      .bad_o     (link_rx_bad),
      .tx_i      (link_tx),
      .tx_len_i  (link_tx_len),
      .tx_valid_i(link_tx_valid),
      .tx_ready_o(link_tx_ready),
      .tx_idle_o (link_tx_idle)
  );

  // ---- receive ----------------------------------------------------------------------------------
  mctp_router u_router (
      .clk_i,
      .rst_ni,
      .own_eid_i,
      .pkt_i         (link_rx),
      .pkt_valid_i   (link_rx_valid),
      .pkt_ready_o   (link_rx_ready),
      .stream_o      (stream_rx_o),
      .stream_valid_o(stream_rx_valid_o),
      .stream_ready_i(stream_rx_ready_i),
      .proc_o        (proc_rx),
      .proc_valid_o  (proc_rx_valid),
      .proc_ready_i  (proc_rx_ready),
      .drop_o        (router_drop)
  );

  mctp_packet_fifo #(
      .MaxPacket(MaxPacket)
  ) u_rx_fifo (
      .clk_i,
      .rst_ni,
      .pkt_i       (proc_rx),
      .pkt_valid_i (proc_rx_valid),
      .pkt_ready_o (proc_rx_ready),
      .room_o      (unused_rx_room),
      .empty_o     (unused_rx_empty),
      .drop_o      (fifo_drop),
      .length_o    (rx_length_o),
      .data_o      (rx_data_o),
      .data_valid_o(unused_rx_data_valid),
      .pop_i       (rx_pop_i)
  );

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      link_errors_o <= '0;
      drops_o <= '0;
    end else begin
      if (link_rx_bad) link_errors_o <= link_errors_o + 8'd1;
      if (router_drop || fifo_drop) drops_o <= drops_o + 8'd1;
    end
  end

  // ---- transmit ---------------------------------------------------------------------------------
  assign proc_push = '{err: 1'b0, last: tx_last_i, data: tx_data_i};
  assign proc_tx.err = 1'b0;
  assign proc_tx.last = proc_tx_len == 8'd1;
  assign tx_idle_o = link_tx_idle && !stream_tx_valid_i && proc_tx_empty;

  mctp_packet_fifo #(
      .MaxPacket(MaxPacket)
  ) u_tx_fifo (
      .clk_i,
      .rst_ni,
      .pkt_i       (proc_push),
      .pkt_valid_i (tx_push_i),
      .pkt_ready_o (unused_push_ready),
      .room_o      (tx_ready_o),
      .empty_o     (proc_tx_empty),
      .drop_o      (unused_tx_drop),
      .length_o    (proc_tx_len),
      .data_o      (proc_tx.data),
      .data_valid_o(proc_tx_valid),
      .pop_i       (proc_tx_valid && proc_tx_ready)
  );

  mctp_tx_arbiter u_arbiter (
      .clk_i,
      .rst_ni,
      .pkt_i      ({stream_tx_i, proc_tx}),
      .len_i      ({8'(StreamTxBytes), proc_tx_len}),
      .pkt_valid_i({stream_tx_valid_i, proc_tx_valid}),
      .pkt_ready_o({stream_tx_ready_o, proc_tx_ready}),
      .pkt_o      (link_tx),
      .len_o      (link_tx_len),
      .pkt_valid_o(link_tx_valid),
      .pkt_ready_i(link_tx_ready)
  );

endmodule
