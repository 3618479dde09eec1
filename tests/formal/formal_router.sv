// SPDX-License-Identifier: Apache-2.0
//
// What mctp_router promises: a packet for us reaches the one consumer that its flags name, whole, in order
// and with its end; of all others neither sees anything, and drop_o tells.
module formal_router
  import sluice_pkg::*;
(
    input logic            clk_i,
    input logic            rst_ni,
    input logic      [7:0] own_eid_i,
    input pkt_byte_t       pkt_i,
    input logic            pkt_valid_i,
    input logic            pkt_ready_o,
    input pkt_byte_t       stream_o,
    input logic      [1:0] stream_tag_o,
    input logic            stream_valid_o,
    input logic            stream_ready_i,
    input pkt_byte_t       proc_o,
    input logic            proc_valid_o,
    input logic            proc_ready_i,
    input logic            drop_o
);

  logic started_q = 1'b0;
  always_ff @(posedge clk_i) started_q <= 1'b1;
  always_comb assume (started_q || !rst_ni);

  AEidStays :
  assume property (@(posedge clk_i) disable iff (!rst_ni) 1'b1 |=> $stable(own_eid_i));

  // ---- the packet: what came of it, and what left ------------------------------------------------------------
  logic [2:0] in_q, out_q;  // bytes, up to four
  logic [2:0][7:0] header_q;  // the first three
  logic at_stream_q;  // consumer of those that left
  logic came, left, to_stream, ours;
  pkt_byte_t out;
  assign came = pkt_valid_i && pkt_ready_o;
  assign left = (stream_valid_o && stream_ready_i) || (proc_valid_o && proc_ready_i);
  assign out = stream_valid_o ? stream_o : proc_o;
  assign ours      = header_q[0][3:0] == 4'd1 &&
      (header_q[1] == own_eid_i || header_q[1] == '0) && in_q >= 3;
  assign to_stream = pkt_i.data[3:0] < 4'(StreamTags);  // while the flags are offered
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      in_q  <= '0;
      out_q <= '0;
    end else begin
      if (came) begin
        in_q <= pkt_i.last ? '0 : in_q + 3'(in_q != 4);
        if (in_q == 0) header_q[0] <= pkt_i.data;
        if (in_q == 1) header_q[1] <= pkt_i.data;
        if (in_q == 2) header_q[2] <= pkt_i.data;
      end
      if (left) begin
        out_q       <= out.last ? '0 : out_q + 3'(out_q != 4);
        at_stream_q <= stream_valid_o;
      end
    end
  end

  logic [7:0] expected;
  always_comb begin
    expected = pkt_i.data;
    if (out_q == 0) expected = 8'h01;
    if (out_q == 1) expected = header_q[1];
    if (out_q == 2) expected = header_q[2];
  end

  // ---- promises ------------------------------------------------------------------------------------------------
  AOursOnly :
  assert property (@(posedge clk_i) disable iff (!rst_ni) stream_valid_o || proc_valid_o |-> ours);
  ARightConsumer :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    (stream_valid_o || proc_valid_o) && out_q <= 3 && !pkt_i.err |-> stream_valid_o == to_stream);
  AOneConsumerAPacket :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    (stream_valid_o || proc_valid_o) && out_q != 0 |-> stream_valid_o == at_stream_q);
  ASameBytes :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    (stream_valid_o || proc_valid_o) && !pkt_i.err |-> out.data == expected);
  AEndsTogether :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    (stream_valid_o || proc_valid_o) |->
      out.last == (out_q >= 3 && pkt_i.last) && (!out.last || out.err == pkt_i.err));
  // From the flags on a byte of ours comes in when it goes out; only a packet that ends with them does not.
  ANoneLost :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    came && ours && !(in_q == 3 && pkt_i.last && out_q == 0) |-> left && out_q >= 3);
  AOthersVanish :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    pkt_valid_i && !ours && in_q >= 3 |-> came);
  ATagWithFirstByte :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    stream_valid_o && out_q == 0 && !pkt_i.err |-> stream_tag_o == pkt_i.data[1:0]);
  ADropsAreTold :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    drop_o == (came && pkt_i.last && !pkt_i.err && !left));

  CToStream :
  cover property (@(posedge clk_i) disable iff (!rst_ni)
    stream_valid_o && stream_ready_i && stream_o.last && !stream_o.err && out_q == 4);
  CToProcessor :
  cover property (@(posedge clk_i) disable iff (!rst_ni)
    proc_valid_o && proc_ready_i && proc_o.last && !proc_o.err && out_q == 4);

endmodule

bind mctp_router formal_router u_formal (.*);
