// SPDX-License-Identifier: Apache-2.0
//
// Makes the words of a packet port out of the bytes of MCTP packets, a byte a cycle without a gap as
// long as the host takes the words. A word carries its bytes from the lowest on; keep_o says which
// there are: all four, but for a packet's last word (last_o), which has one to four. A packet whose
// last word carries err_o is to be dropped.
//
// A host that takes no word for Patience cycles loses packets: bytes are taken all the same and
// thrown away until it takes one. What it has of a packet then ends with a word of `err`. Such a word
// also comes first after each reset, because the reset may have cut a packet short.
module mctp_packet_tx
  import sluice_pkg::*;
#(
    parameter int unsigned Patience = 65536  // cycles, >= 2
) (
    input logic clk_i,
    input logic rst_ni,
    input pkt_byte_t pkt_i,  // `err` must be 0: a packet to send is whole
    input logic pkt_valid_i,
    output logic pkt_ready_o,
    output logic idle_o,  // nothing offered, and nothing kept that the host will take
    output logic lost_o,  // one cycle a packet thrown away
    output logic [31:0] data_o,
    output logic [3:0] keep_o,
    output logic last_o,
    output logic err_o,
    output logic valid_o,
    input logic ready_i
);

  localparam int unsigned PatienceW = $clog2(Patience);

  typedef enum logic [1:0] {
    Fresh,  // after a reset
    Pass,
    Stuck,  // the host does not take the word that is offered; bytes are thrown away
    Skip    // the packet under way is thrown away up to its end
  } state_e;

  state_e state_q, state_d;
  logic [31:0] data_q;
  logic [3:0] keep_q, keep_d, older;
  logic last_q, err_q, full_q, full_d;
  logic inside_q, inside_d;  // a packet to send has begun
  logic [PatienceW-1:0] waited_q;
  logic waits, impatient, discard, take, store, gone, cut;

  assign valid_o = full_q;
  assign data_o = data_q;
  assign keep_o = keep_q;
  assign last_o = last_q;
  assign err_o = err_q;
  assign gone = full_q && ready_i;
  assign waits = full_q && !ready_i;
  assign impatient = waits && waited_q == PatienceW'(Patience - 1);

  assign discard = state_q == Stuck || state_q == Skip;
  assign pkt_ready_o = discard || (state_q == Pass && !waits);
  assign take = pkt_valid_i && pkt_ready_o;
  assign store = take && !discard;
  assign inside_d = take ? !pkt_i.last : inside_q;
  // The host has a part of a packet, or may have one.
  assign cut = state_q == Fresh || (state_q == Stuck && gone && !last_q);
  assign lost_o = take && pkt_i.last && discard;
  assign idle_o = !pkt_valid_i && (discard || keep_q == '0);

  always_comb begin
    state_d = state_q;
    unique case (state_q)
      Fresh:   state_d = Pass;
      Pass:    if (impatient) state_d = Stuck;
      Stuck:   if (gone) state_d = inside_d ? Skip : Pass;
      Skip:    if (!inside_d) state_d = Pass;
      default: state_d = Pass;
    endcase
  end

  // A full word makes room for the next one's first byte in the cycle in which the host takes it.
  assign older = full_q ? '0 : keep_q;
  always_comb begin
    keep_d = keep_q;
    full_d = full_q;
    if (gone) begin
      keep_d = '0;
      full_d = 1'b0;
    end
    if (store) begin
      keep_d = {older[2:0], 1'b1};
      full_d = pkt_i.last || older[2];
    end
    if (cut) begin
      keep_d = 4'b0001;
      full_d = 1'b1;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q  <= Fresh;
      keep_q   <= '0;
      full_q   <= 1'b0;
      inside_q <= 1'b0;
      waited_q <= '0;
    end else begin
      state_q  <= state_d;
      keep_q   <= keep_d;
      full_q   <= full_d;
      inside_q <= inside_d;
      if (!waits) waited_q <= '0;
      else if (state_q == Pass) waited_q <= waited_q + 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (store || cut) begin
      last_q <= pkt_i.last || cut;
      err_q  <= cut;
    end
    for (int unsigned i = 0; i < 4; i++) begin
      if (store && !older[i]) data_q[8*i+:8] <= pkt_i.data;
    end
  end

`ifndef SYNTHESIS
  AKeepsWord :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    valid_o && !ready_i |=> valid_o && $stable(
      {data_o, keep_o, last_o, err_o}
  ));
  AWholeBytes :
  assert property (@(posedge clk_i) disable iff (!rst_ni) valid_o |->
      keep_o inside {4'b0001, 4'b0011, 4'b0111, 4'b1111} && (last_o || keep_o == '1));
  ASourceWaits :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    pkt_valid_i && !pkt_ready_o |=> pkt_valid_i && $stable(
      pkt_i
  ));
  ASendsWhole :
  assert property (@(posedge clk_i) disable iff (!rst_ni) pkt_valid_i |-> !pkt_i.err);
`endif

endmodule
