// SPDX-License-Identifier: Apache-2.0
//
// MCTP endpoint on one or more links with one EID: the links, and for each a lane with the
// processor's receive FIFO; the processor's transmit FIFO. Everything but the links meets at packet
// streams. An answer leaves by the link that its sender names: the processor with each packet, the
// stream engine with stream_link_i. With one link the numbers mean nothing and cost nothing. What is
// absent has no cells.
//
// Stream side: stream_rx_o carries the packets with TO = 0 and a tag below StreamTags that come by
// the link stream_link_i, from first to last beat; from the serial line the four header bytes come
// together, the others at the rate of the line. A beat not taken within eight bit times costs the
// packet (it then ends with `err`). stream_tx_i carries packets of StreamTxBytes.
//
// Processor side: the fields of RX_STATUS, RX_DATA, TX_STATUS and TX_DATA in rtl/regs/sluice.rdl.
// The receive FIFO of each link holds four packets of any length (two when its packets may be longer
// than 127 bytes), the transmit FIFO holds four.
//
// A sender keeps to 68 bytes, the baseline transmission unit and its header; on the serial line and
// the SMBus the receiver takes a few more from those that do not.
module mctp_top
  import sluice_pkg::*;
#(
    parameter bit Serial = 1'b1,
    parameter bit PacketPort = 1'b0,
    parameter bit Smbus = 1'b0,
    parameter int unsigned ClkHz = 12_000_000,  // for the times of SMBus
    parameter int unsigned ClkDiv = 104,  // clock cycles per bit of the line, >= 4
    parameter int unsigned SerialMaxPacket = 74,  // longest packet received, 5..255
    parameter int unsigned PortMaxPacket = 255,  // bytes with header
    parameter int unsigned PortPatience = 65536,  // see mctp_packet_tx
    parameter int unsigned SmbusBitRate = 1_000_000,  // highest, in Hz
    parameter int unsigned SmbusMaxPacket = 74,  // longest packet received, 5..254
    parameter int unsigned StreamTxBytes = 16  // of every packet that the stream engine sends
) (
    input logic       clk_i,
    input logic       rst_ni,
    input logic [7:0] own_eid_i,

    input  logic uart_rx_i,
    output logic uart_tx_o,

    // see mctp_packet_port
    input port_word_t port_in_i,
    input logic port_in_valid_i,
    output logic port_in_ready_o,
    output port_word_t port_out_o,
    output logic port_out_valid_o,
    input logic port_out_ready_i,

    // see mctp_smbus_link
    input logic smbus_scl_i,
    output logic smbus_scl_low_o,
    input logic smbus_sda_i,
    output logic smbus_sda_low_o,
    input logic [6:0] smbus_own_i,
    input logic [6:0] smbus_peer_i,

    input logic [LinkW-1:0] stream_link_i,
    output pkt_byte_t stream_rx_o,
    output logic [1:0] stream_rx_tag_o,  // of the packet, while its first byte is offered
    output logic stream_rx_valid_o,
    input logic stream_rx_ready_i,
    input pkt_byte_t stream_tx_i,
    input logic stream_tx_valid_i,
    output logic stream_tx_ready_o,

    output logic [      7:0] rx_length_o,    // bytes left of the packet at the head, 0: none
    output logic [      7:0] rx_data_o,      // the next one, two cycles after a pop or a new length
    output logic [LinkW-1:0] rx_link_o,      // by which it came
    input  logic             rx_pop_i,       // only when rx_data_o is there
    input  logic [      7:0] tx_data_i,
    input  logic             tx_last_i,
    input  logic [LinkW-1:0] tx_link_i,      // the same for all bytes of a packet
    input  logic             tx_push_i,      // not in the cycle after a push with tx_last_i
    output logic             tx_ready_o,     // a whole packet fits
    output logic             tx_idle_o,      // no packet of either source is queued or on a line
    output logic [      7:0] link_errors_o,  // packets lost in links; wraps
    output logic [      7:0] drops_o         // good packets not for us or without room; wraps
);

  localparam bit [NumLinks-1:0] Present = {Smbus, PacketPort, Serial};  // by number
  localparam int unsigned Count = $countones(Present);
  localparam int unsigned MaxPackets[NumLinks] = '{SerialMaxPacket, PortMaxPacket, SmbusMaxPacket};
  localparam int unsigned ProcTxBytes = 74;

  if (Count == 0) begin : gen_no_link
    $error("one link at least must be there");
  end

  // ---- links ------------------------------------------------------------------------------------
  pkt_byte_t [NumLinks-1:0] link_rx, link_tx;
  logic [NumLinks-1:0] link_rx_valid, link_rx_ready, link_bad;
  logic [NumLinks-1:0] link_tx_valid, link_tx_ready, link_tx_idle;
  logic [NumLinks-1:0][7:0] link_tx_len;

  if (Serial) begin : gen_serial
    mctp_serial_link #(
        .ClkDiv   (ClkDiv),
        .MaxPacket(SerialMaxPacket)
    ) u_link (
        .clk_i,
        .rst_ni,
        .uart_rx_i,
        .uart_tx_o,
        .rx_o      (link_rx[LinkSerial]),
        .rx_valid_o(link_rx_valid[LinkSerial]),
        .rx_ready_i(link_rx_ready[LinkSerial]),
        .bad_o     (link_bad[LinkSerial]),
        .tx_i      (link_tx[LinkSerial]),
        .tx_len_i  (link_tx_len[LinkSerial]),
        .tx_valid_i(link_tx_valid[LinkSerial]),
        .tx_ready_o(link_tx_ready[LinkSerial]),
        .tx_idle_o (link_tx_idle[LinkSerial])
    );
  end else begin : gen_no_serial
    logic unused_rx;
    assign unused_rx = uart_rx_i;
    assign uart_tx_o = 1'b1;
  end

  if (PacketPort) begin : gen_port
    logic unused_len;
    assign unused_len = ^link_tx_len[LinkPacketPort];
    mctp_packet_port #(
        .MaxPacket(PortMaxPacket),
        .Patience (PortPatience)
    ) u_port (
        .clk_i,
        .rst_ni,
        .in_data_i  (port_in_i.data),
        .in_keep_i  (port_in_i.keep),
        .in_last_i  (port_in_i.last),
        .in_err_i   (port_in_i.err),
        .in_valid_i (port_in_valid_i),
        .in_ready_o (port_in_ready_o),
        .out_data_o (port_out_o.data),
        .out_keep_o (port_out_o.keep),
        .out_last_o (port_out_o.last),
        .out_err_o  (port_out_o.err),
        .out_valid_o(port_out_valid_o),
        .out_ready_i(port_out_ready_i),
        .rx_o       (link_rx[LinkPacketPort]),
        .rx_valid_o (link_rx_valid[LinkPacketPort]),
        .rx_ready_i (link_rx_ready[LinkPacketPort]),
        .bad_o      (link_bad[LinkPacketPort]),
        .tx_i       (link_tx[LinkPacketPort]),
        .tx_valid_i (link_tx_valid[LinkPacketPort]),
        .tx_ready_o (link_tx_ready[LinkPacketPort]),
        .tx_idle_o  (link_tx_idle[LinkPacketPort])
    );
  end else begin : gen_no_port
    logic unused_in;
    assign unused_in = ^{port_in_i, port_in_valid_i, port_out_ready_i};
    assign port_in_ready_o = 1'b0;
    assign port_out_o = '0;
    assign port_out_valid_o = 1'b0;
  end

  if (Smbus) begin : gen_smbus
    logic [6:0] unused_peer;
    mctp_smbus_link #(
        .ClkHz    (ClkHz),
        .BitRate  (SmbusBitRate),
        .MaxPacket(SmbusMaxPacket)
    ) u_smbus (
        .clk_i,
        .rst_ni,
        .scl_i        (smbus_scl_i),
        .scl_low_o    (smbus_scl_low_o),
        .sda_i        (smbus_sda_i),
        .sda_low_o    (smbus_sda_low_o),
        .own_i        (smbus_own_i),
        .destination_i(smbus_peer_i),
        .peer_o       (unused_peer),
        .rx_o         (link_rx[LinkSmbus]),
        .rx_valid_o   (link_rx_valid[LinkSmbus]),
        .rx_ready_i   (link_rx_ready[LinkSmbus]),
        .bad_o        (link_bad[LinkSmbus]),
        .tx_i         (link_tx[LinkSmbus]),
        .tx_len_i     (link_tx_len[LinkSmbus]),
        .tx_valid_i   (link_tx_valid[LinkSmbus]),
        .tx_ready_o   (link_tx_ready[LinkSmbus]),
        .tx_idle_o    (link_tx_idle[LinkSmbus])
    );
  end else begin : gen_no_smbus
    logic unused_in;
    assign unused_in = ^{smbus_scl_i, smbus_sda_i, smbus_own_i, smbus_peer_i};
    assign smbus_scl_low_o = 1'b0;
    assign smbus_sda_low_o = 1'b0;
  end

  // ---- lanes ------------------------------------------------------------------------------------
  pkt_byte_t [NumLinks-1:0] stream_rx;
  logic [NumLinks-1:0][1:0] stream_rx_tag;
  logic [NumLinks-1:0] stream_rx_valid, stream_rx_ready, stream_tx_valid, stream_tx_ready;
  logic [NumLinks-1:0][7:0] rx_length, rx_data;
  logic [NumLinks-1:0] rx_pop, proc_tx_valid, proc_tx_ready, drop, stream_drop;
  pkt_byte_t proc_tx;
  logic [7:0] proc_tx_len;

  for (genvar i = 0; i < NumLinks; i++) begin : gen_lane
    if (Present[i]) begin : gen_present
      mctp_lane #(
          .MaxPacket(MaxPackets[i]),
          .Fast     (i == LinkPacketPort)
      ) u_lane (
          .clk_i,
          .rst_ni,
          .own_eid_i,
          .rx_i             (link_rx[i]),
          .rx_valid_i       (link_rx_valid[i]),
          .rx_ready_o       (link_rx_ready[i]),
          .tx_o             (link_tx[i]),
          .tx_len_o         (link_tx_len[i]),
          .tx_valid_o       (link_tx_valid[i]),
          .tx_ready_i       (link_tx_ready[i]),
          .stream_rx_o      (stream_rx[i]),
          .stream_rx_tag_o  (stream_rx_tag[i]),
          .stream_rx_valid_o(stream_rx_valid[i]),
          .stream_rx_ready_i(stream_rx_ready[i]),
          .stream_tx_i      (stream_tx_i),
          .stream_tx_len_i  (8'(StreamTxBytes)),
          .stream_tx_valid_i(stream_tx_valid[i]),
          .stream_tx_ready_o(stream_tx_ready[i]),
          .rx_length_o      (rx_length[i]),
          .rx_data_o        (rx_data[i]),
          .rx_pop_i         (rx_pop[i]),
          .proc_tx_i        (proc_tx),
          .proc_tx_len_i    (proc_tx_len),
          .proc_tx_valid_i  (proc_tx_valid[i]),
          .proc_tx_ready_o  (proc_tx_ready[i]),
          .drop_o           (drop[i])
      );
    end else begin : gen_absent
      // What is sent to it is lost.
      logic unused;
      assign unused = ^{link_rx[i], link_rx_valid[i], link_rx_ready[i], link_tx[i], link_tx_len[i],
                        link_tx_valid[i], link_tx_ready[i], stream_rx_ready[i], stream_tx_valid[i],
                        rx_pop[i], proc_tx_valid[i]};
      assign link_rx[i] = '0;
      assign link_rx_valid[i] = 1'b0;
      assign link_rx_ready[i] = 1'b1;
      assign link_bad[i] = 1'b0;
      assign link_tx[i] = '0;
      assign link_tx_len[i] = '0;
      assign link_tx_valid[i] = 1'b0;
      assign link_tx_ready[i] = 1'b1;
      assign link_tx_idle[i] = 1'b1;
      assign stream_rx[i] = '0;
      assign stream_rx_tag[i] = '0;
      assign stream_rx_valid[i] = 1'b0;
      assign stream_tx_ready[i] = 1'b1;
      assign rx_length[i] = '0;
      assign rx_data[i] = '0;
      assign proc_tx_ready[i] = 1'b1;
      assign drop[i] = 1'b0;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      link_errors_o <= '0;
      drops_o <= '0;
    end else begin
      if (link_bad != '0) link_errors_o <= link_errors_o + 8'($countones(link_bad));
      if ({drop, stream_drop} != '0) drops_o <= drops_o + 8'($countones({drop, stream_drop}));
    end
  end

  // ---- the processor's packets to send ----------------------------------------------------------
  localparam int unsigned TagW = Count == 1 ? 0 : LinkW;
  logic proc_valid, proc_ready, proc_empty;
  logic [(TagW == 0 ? 1 : TagW)-1:0] tx_tag, proc_tag;
  logic unused_push_ready, unused_tx_drop;

  assign proc_tx.err = 1'b0;
  assign proc_tx.last = proc_tx_len == 8'd1;
  assign tx_idle_o = link_tx_idle == '1 && !stream_tx_valid_i && proc_empty;

  mctp_packet_fifo #(
      .MaxPacket(ProcTxBytes),
      .TagW     (TagW)
  ) u_tx_fifo (
      .clk_i,
      .rst_ni,
      .pkt_i       ({1'b0, tx_last_i, tx_data_i}),
      .pkt_valid_i (tx_push_i),
      .pkt_ready_o (unused_push_ready),
      .tag_i       (tx_tag),
      .room_o      (tx_ready_o),
      .empty_o     (proc_empty),
      .drop_o      (unused_tx_drop),
      .length_o    (proc_tx_len),
      .data_o      (proc_tx.data),
      .tag_o       (proc_tag),
      .data_valid_o(proc_valid),
      .pop_i       (proc_valid && proc_ready)
  );

  // ---- which link -------------------------------------------------------------------------------
  if (Count == 1) begin : gen_one
    localparam int unsigned Only = Serial ? LinkSerial : PacketPort ? LinkPacketPort : LinkSmbus;
    logic unused_tag, unused_link;
    assign unused_link = ^{stream_link_i, tx_link_i};
    assign unused_tag = proc_tag;
    assign tx_tag = 1'b0;
    assign proc_tx_valid = Present & {NumLinks{proc_valid}};
    assign proc_ready = proc_tx_ready[Only];
    assign stream_tx_valid = Present & {NumLinks{stream_tx_valid_i}};
    assign stream_tx_ready_o = stream_tx_ready[Only];
    assign stream_rx_o = stream_rx[Only];
    assign stream_rx_tag_o = stream_rx_tag[Only];
    assign stream_rx_valid_o = stream_rx_valid[Only];
    assign stream_rx_ready = {NumLinks{stream_rx_ready_i}};
    assign stream_drop = '0;
    assign rx_length_o = rx_length[Only];
    assign rx_data_o = rx_data[Only];
    assign rx_link_o = LinkW'(Only);
    assign rx_pop = {NumLinks{rx_pop_i}};
  end else begin : gen_several
    // Number NumLinks, which is no link, is as one that is absent.
    logic [NumLinks:0] proc_to, stream_to;
    assign tx_tag = tx_link_i;
    assign proc_to = (NumLinks + 1)'(1) << proc_tag;
    assign stream_to = (NumLinks + 1)'(1) << stream_link_i;
    assign proc_tx_valid = proc_to[NumLinks-1:0] & {NumLinks{proc_valid}};
    assign proc_ready = ({1'b1, proc_tx_ready} & proc_to) != '0;
    assign stream_tx_valid = stream_to[NumLinks-1:0] & {NumLinks{stream_tx_valid_i}};
    assign stream_tx_ready_o = ({1'b1, stream_tx_ready} & stream_to) != '0;

    mctp_stream_select u_stream (
        .clk_i,
        .rst_ni,
        .link_i     (stream_link_i),
        .pkt_i      (stream_rx),
        .pkt_valid_i(stream_rx_valid),
        .pkt_ready_o(stream_rx_ready),
        .tag_i      (stream_rx_tag),
        .pkt_o      (stream_rx_o),
        .tag_o      (stream_rx_tag_o),
        .pkt_valid_o(stream_rx_valid_o),
        .pkt_ready_i(stream_rx_ready_i),
        .drop_o     (stream_drop)
    );
    mctp_proc_select u_proc (
        .clk_i,
        .rst_ni,
        .length_i(rx_length),
        .data_i  (rx_data),
        .pop_o   (rx_pop),
        .length_o(rx_length_o),
        .data_o  (rx_data_o),
        .pop_i   (rx_pop_i),
        .link_o  (rx_link_o)
    );
  end

endmodule
