// SPDX-License-Identifier: Apache-2.0
//
// Merges two sources of packets into one, packet by packet, with the packet's length alongside.
// When both have packets they take turns. Nothing is stored: a beat passes in the cycle in which
// its source offers it.
module mctp_tx_arbiter
  import sluice_pkg::*;
(
    input logic clk_i,
    input logic rst_ni,
    input pkt_byte_t [1:0] pkt_i,
    input logic [1:0][7:0] len_i,  // of the packet offered, stable until its first byte is taken
    input logic [1:0] pkt_valid_i,
    output logic [1:0] pkt_ready_o,
    output pkt_byte_t pkt_o,
    output logic [7:0] len_o,
    output logic pkt_valid_o,
    input logic pkt_ready_i
);

  logic chosen_q, chosen_d;
  logic inside_q, inside_d;  // the chosen source's packet has begun

  assign pkt_o = pkt_i[chosen_q];
  assign len_o = len_i[chosen_q];
  assign pkt_valid_o = pkt_valid_i[chosen_q];
  assign pkt_ready_o = {chosen_q && pkt_ready_i, !chosen_q && pkt_ready_i};

  always_comb begin
    chosen_d = chosen_q;
    inside_d = inside_q;
    if (pkt_valid_o) begin
      if (pkt_ready_i) inside_d = !pkt_o.last;
      if (pkt_ready_i && pkt_o.last) chosen_d = !chosen_q;
    end else if (!inside_q && pkt_valid_i[!chosen_q]) begin
      chosen_d = !chosen_q;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      chosen_q <= 1'b0;
      inside_q <= 1'b0;
    end else begin
      chosen_q <= chosen_d;
      inside_q <= inside_d;
    end
  end

`ifndef SYNTHESIS
  for (genvar i = 0; i < 2; i++) begin : gen_check
    ASourceKeeps :
    assert property (@(posedge clk_i) disable iff (!rst_ni)
                     pkt_valid_i[i] && !pkt_ready_o[i] |=> pkt_valid_i[i] && $stable(
        pkt_i[i]
    ));
  end
  AKeepsByte :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
                   pkt_valid_o && !pkt_ready_i |=> pkt_valid_o && $stable(
      pkt_o
  ));
`endif

endmodule
