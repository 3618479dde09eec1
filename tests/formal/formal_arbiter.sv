// SPDX-License-Identifier: Apache-2.0
//
// What mctp_tx_arbiter promises: each byte that leaves is one that a source gave in the same cycle,
// packets leave whole, and a source that waits sees one packet of the other at most.
module formal_arbiter
  import sluice_pkg::*;
(
    input logic                 clk_i,
    input logic                 rst_ni,
    input pkt_byte_t [1:0]      pkt_i,
    input logic      [1:0][7:0] len_i,
    input logic      [1:0]      pkt_valid_i,
    input logic      [1:0]      pkt_ready_o,
    input pkt_byte_t            pkt_o,
    input logic      [7:0]      len_o,
    input logic                 pkt_valid_o,
    input logic                 pkt_ready_i
);

  logic started_q = 1'b0;
  always_ff @(posedge clk_i) started_q <= 1'b1;
  always_comb assume (started_q || !rst_ni);

  logic [1:0] taken;
  logic out_taken;
  assign taken = pkt_valid_i & pkt_ready_o;
  assign out_taken = pkt_valid_o && pkt_ready_i;

  // ---- packets as the far side sees them -------------------------------------------------------------
  logic inside_q;  // a packet has begun to leave
  logic owner_q;  // from this source
  logic [1:0] beats_q;  // of the packet before it is long enough for the cover
  logic [1:0][1:0] passed_q;  // packets of the other source that began while this one waited
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      inside_q <= 1'b0;
      owner_q  <= 1'b0;
      beats_q  <= '0;
      passed_q <= '0;
    end else begin
      if (out_taken) begin
        inside_q <= !pkt_o.last;
        owner_q  <= taken[1];
        beats_q  <= pkt_o.last ? '0 : beats_q + 2'(beats_q != '1);
      end
      for (int unsigned i = 0; i < 2; i++) begin
        if (!pkt_valid_i[i] || taken[i]) passed_q[i] <= '0;
        else if (out_taken && !inside_q && passed_q[i] != '1) passed_q[i] <= passed_q[i] + 1'b1;
      end
    end
  end

  AOneSource :
  assert property (@(posedge clk_i) disable iff (!rst_ni) taken != 2'b11);
  ANoneLostOrInvented :
  assert property (@(posedge clk_i) disable iff (!rst_ni) (taken != '0) == out_taken);
  ASameByte :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    out_taken |-> pkt_o == pkt_i[taken[1]] && len_o == len_i[taken[1]]);
  APacketsWhole :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    out_taken && inside_q |-> taken[1] == owner_q);
  ATakesTurns :
  assert property (@(posedge clk_i) disable iff (!rst_ni) passed_q[0] < 2 && passed_q[1] < 2);
  // The arbiter itself never holds a source up for more than a cycle.
  AOffers :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    pkt_valid_i != '0 && !pkt_valid_o && !inside_q |=> pkt_valid_o);

  CWholePacketOfOne :
  cover property (@(posedge clk_i) disable iff (!rst_ni)
    out_taken && pkt_o.last && beats_q == 2 && owner_q);
  CBothWait :
  cover property (@(posedge clk_i) disable iff (!rst_ni)
    pkt_valid_i == '1 && out_taken && inside_q && pkt_o.last && passed_q[0] == 1);

endmodule

bind mctp_tx_arbiter formal_arbiter u_formal (.*);
