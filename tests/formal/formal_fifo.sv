// SPDX-License-Identifier: Apache-2.0
//
// What mctp_packet_fifo promises: a good packet is lost only when it finds no room or is too long, and
// then drop_o tells; a bad one leaves no trace; packets leave in the order in which they came, whole. Spoken of any slot and
// any byte in it.
module formal_fifo
  import sluice_pkg::*;
#(
    parameter  int unsigned MaxPacket = 74,
    localparam int unsigned OffsetW   = $clog2(MaxPacket + 1),
    localparam int unsigned SlotW     = 9 - OffsetW
) (
    input logic                          clk_i,
    input logic                          rst_ni,
    input pkt_byte_t                     pkt_i,
    input logic                          pkt_valid_i,
    input logic                          pkt_ready_o,
    input logic                          room_o,
    input logic                          drop_o,
    input logic      [              7:0] length_o,
    input logic      [              7:0] data_o,
    input logic                          data_valid_o,
    input logic                          pop_i,
    input logic      [          SlotW:0] wslot_q,
    input logic      [          SlotW:0] rslot_q,
    input logic      [      OffsetW-1:0] woffset_q,
    input logic      [      OffsetW-1:0] roffset_q,
    input logic      [      OffsetW-1:0] left_q,
    input logic                          spoilt_q,
    input logic                          commit_q,
    input logic      [              1:0] state,         // Empty, ReadLength, Turn, Ready
    input logic      [SlotW+OffsetW-1:0] at,            // the words that the memory remembers
    input logic      [SlotW+OffsetW-1:0] also_at,
    input logic      [              7:0] word,
    input logic      [              7:0] also
);

  logic started_q = 1'b0;
  always_ff @(posedge clk_i) started_q <= 1'b1;
  always_comb assume (started_q || !rst_ni);

  localparam logic [OffsetW-1:0] LengthAt = '1;
  logic [  SlotW-1:0] here;  // any slot,
  logic [OffsetW-1:0] which;  // and any byte of its packet
  always_ff @(posedge clk_i) begin
    here  <= here;
    which <= which;
  end
  always_comb assume (which != LengthAt && at == {here, which} && also_at == {here, LengthAt});

  // ---- the packet that comes ------------------------------------------------------------------------------
  logic taken, lost, lost_q;
  logic [OffsetW-1:0] count_q;  // its bytes so far
  logic [7:0] byte_q;  // the one in question, if it came
  assign taken = pkt_valid_i && pkt_ready_o;
  assign lost  = lost_q || !room_o || count_q == LengthAt;

  // ---- the packet in the slot -----------------------------------------------------------------------------
  logic stored_q;
  logic [OffsetW-1:0] length_q, popped_q;
  logic [7:0] data_q;
  logic writes_here, reads_here;
  assign writes_here = wslot_q[SlotW-1:0] == here;
  assign reads_here  = rslot_q[SlotW-1:0] == here;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      count_q  <= '0;
      lost_q   <= 1'b0;
      stored_q <= 1'b0;
      popped_q <= '0;
    end else begin
      if (taken) begin
        count_q <= pkt_i.last ? '0 : count_q + 1'b1;
        lost_q  <= !pkt_i.last && lost;
        if (count_q == which) byte_q <= pkt_i.data;
        if (pkt_i.last && !pkt_i.err && !lost && writes_here) begin
          stored_q <= 1'b1;
          popped_q <= '0;
          length_q <= count_q + 1'b1;
          data_q   <= count_q == which ? pkt_i.data : byte_q;
        end
      end
      if (pop_i && reads_here) begin
        popped_q <= popped_q + 1'b1;
        if (popped_q + 1'b1 == length_q) stored_q <= 1'b0;
      end
    end
  end

  // ---- promises --------------------------------------------------------------------------------------------
  ADropsOnlyWithoutRoom :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    drop_o == (taken && pkt_i.last && !pkt_i.err && lost));
  ARoomForAll :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    room_o == ((SlotW + 1)'(wslot_q - rslot_q) != {1'b1, SlotW'(0)}));
  AOverwritesNothing :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    taken && !lost && writes_here |-> !stored_q);
  AReadsStoredOnly :
  assert property (@(posedge clk_i) disable iff (!rst_ni) data_valid_o && reads_here |-> stored_q);
  ALengthLeft :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    data_valid_o && reads_here |-> length_o == 8'(length_q - popped_q) && length_o != '0);
  ASameByte :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    data_valid_o && reads_here && popped_q == which |-> data_o == data_q);
  // The reader leaves a packet with its last byte, not earlier and not later.
  ALeavesWhole :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    rslot_q != wslot_q && reads_here && !pop_i |=> $stable(
      rslot_q
  ));

  // ---- what the proof stands on ------------------------------------------------------------------------------
  logic [SlotW:0] ahead;  // slots from the reader's to this one
  assign ahead = (SlotW + 1)'(SlotW'(here - rslot_q[SlotW-1:0]));
  AStoredBetween :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    stored_q == (ahead < (SlotW + 1)'(wslot_q - rslot_q) || (commit_q && writes_here)));
  ASlotsFit :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    (SlotW + 1)'(wslot_q - rslot_q) <= {1'b1, SlotW'(0)} && (!commit_q || room_o) &&
    (state == 0 || wslot_q != rslot_q));
  AWriterInStep :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    (commit_q ? count_q == '0 && !lost_q && !spoilt_q : count_q == woffset_q || lost_q) &&
    (!stored_q || commit_q || !writes_here || count_q == '0 || lost_q) &&
    lost_q == spoilt_q && (!commit_q || !writes_here || woffset_q == length_q));
  AMemoryHolds :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    (!stored_q || which >= length_q || word == data_q) &&
    (!stored_q || (commit_q && writes_here) || also == 8'(length_q)) &&
    (stored_q || !writes_here || lost_q || count_q <= which || word == byte_q));
  AReaderInStep :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    stored_q |-> length_q != '0 && popped_q < length_q &&
      (reads_here ? (state inside {0, 1} ? popped_q == '0 && roffset_q == LengthAt :
        left_q == length_q - popped_q && roffset_q == popped_q) : popped_q == '0));
  ARestsAtLength :
  assert property (@(posedge clk_i) disable iff (!rst_ni) state == 0 |-> roffset_q == LengthAt);

  CSecondPacket :
  cover property (@(posedge clk_i) disable iff (!rst_ni)
    data_valid_o && reads_here && here == 1 && length_q == 5 && popped_q == 4 && which == 4);
  CDrops :
  cover property (@(posedge clk_i) disable iff (!rst_ni) drop_o && !room_o);

endmodule

bind mctp_packet_fifo formal_fifo #(
    .MaxPacket(MaxPacket)
) u_formal (
    .*,
    .state  (state_q),
    .at     (u_ram.at),
    .also_at(u_ram.also_at),
    .word   (u_ram.word_q),
    .also   (u_ram.also_q)
);
