// SPDX-License-Identifier: Apache-2.0
//
// Which link's answers reach the stream engine: those of the link that its requests leave by; an
// answer has no other way. The packets of all other links are taken and dropped. When another link
// is named, a packet that the former has begun and not ended ends with `err`, and what is left of it
// is dropped.
module mctp_stream_select
  import sluice_pkg::*;
(
    input logic clk_i,
    input logic rst_ni,
    input logic [LinkW-1:0] link_i,
    input pkt_byte_t [NumLinks-1:0] pkt_i,
    input logic [NumLinks-1:0] pkt_valid_i,
    output logic [NumLinks-1:0] pkt_ready_o,
    input logic [NumLinks-1:0][1:0] tag_i,  // of the packet, while its first byte is offered
    output pkt_byte_t pkt_o,
    output logic [1:0] tag_o,
    output logic pkt_valid_o,
    input logic pkt_ready_i,
    output logic [NumLinks-1:0] drop_o  // one cycle a good packet of another link
);

  // Changes only between two beats, so that a beat that waits stays.
  logic [LinkW-1:0] link_q;
  logic open_q;  // a packet has begun to leave and has not ended
  logic [NumLinks-1:0] inside_q, inside_d;  // the link's packet has begun
  logic [NumLinks-1:0] passes_q, passes, selected;  // it is not dropped

  logic abandoned;  // the open packet is another link's
  assign abandoned = open_q && (passes_q & selected) == '0;

  assign selected = NumLinks'(1) << link_q;

  assign passes = abandoned ? '0 : selected & (~inside_q | passes_q);

  always_comb begin
    for (int unsigned i = 0; i < NumLinks; i++) begin
      pkt_ready_o[i] = passes[i] ? pkt_ready_i : !(selected[i] && abandoned);
      inside_d[i] = inside_q[i];
      if (pkt_valid_i[i] && pkt_ready_o[i]) inside_d[i] = !pkt_i[i].last;
      drop_o[i] = pkt_valid_i[i] && pkt_ready_o[i] && !passes[i] && pkt_i[i].last && !pkt_i[i].err;
    end
  end

  always_comb begin
    pkt_o = '{err: 1'b1, last: 1'b1, data: '0};
    tag_o = '0;
    pkt_valid_o = abandoned;
    for (int unsigned i = 0; i < NumLinks; i++) begin
      if (passes[i]) begin
        pkt_o = pkt_i[i];
        tag_o = tag_i[i];
        pkt_valid_o = pkt_valid_i[i];
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      link_q   <= '0;
      open_q   <= 1'b0;
      inside_q <= '0;
      passes_q <= '0;
    end else begin
      if (!pkt_valid_o || pkt_ready_i) link_q <= link_i;
      if (pkt_valid_o && pkt_ready_i) open_q <= !pkt_o.last;
      inside_q <= inside_d;
      // Decided with the first byte; an abandoned packet passes no more.
      passes_q <= passes;
    end
  end

endmodule
