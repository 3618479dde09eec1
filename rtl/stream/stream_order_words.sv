// SPDX-License-Identifier: Apache-2.0
//
// Reads words of the orders for everybody in the engine: one at a time, lowest-numbered first. A
// client keeps `req_i` and its slot and word until `ack_i`, with which the word is on the RAM's shared
// `rdata`; it may ask again two cycles later. Three cycles a word, while the RAM is free.
module stream_order_words
  import sluice_pkg::*;
  import stream_pkg::*;
#(
    parameter int unsigned Clients = 4  // 2 .. 4
) (
    input logic clk_i,
    input logic rst_ni,

    input  logic [Clients-1:0]                 req_i,
    input  logic [Clients-1:0]                 slot_i,
    input  logic [Clients-1:0][OrderWordW-1:0] word_i,
    output logic [Clients-1:0]                 ack_o,

    output ram_req_t ram_o,
    input  logic     ram_gnt_i
);

  logic [1:0] who_q, who_d;
  logic reads_q, reads_d;
  logic ack_q;

  always_comb begin
    who_d = who_q;
    if (!reads_q) begin
      for (int unsigned i = 0; i < Clients; i++) begin
        if (req_i[Clients-1-i]) who_d = 2'(Clients - 1 - i);
      end
    end
    reads_d = reads_q ? !ram_gnt_i : (req_i != '0 && !ack_q);
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      who_q   <= '0;
      reads_q <= 1'b0;
      ack_q   <= 1'b0;
    end else begin
      who_q   <= who_d;
      reads_q <= reads_d;
      ack_q   <= ram_gnt_i;
    end
  end

  always_comb begin
    ram_o      = '0;
    ram_o.req  = reads_q;
    ram_o.be   = '1;
    ram_o.addr = order_addr(slot_i[who_q], word_i[who_q]);
    for (int unsigned i = 0; i < Clients; i++) ack_o[i] = ack_q && who_q == 2'(i);
  end

`ifndef SYNTHESIS
  AReadsForSomebody :
  assert property (@(posedge clk_i) disable iff (!rst_ni) reads_q |-> req_i[who_q]);
`endif

endmodule
