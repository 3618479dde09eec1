// SPDX-License-Identifier: Apache-2.0
//
// Turns the bytes of received transfers into packets. The last byte of a packet waits for the
// verdict on the transfer; a packet that began to leave and turned out bad ends with `err`.
//
// A byte for which there is no room keeps the clock low, from stretch_o on and while hold_o is high.
// When the packet side takes longer than the transfer can afford, the packet is given up.
//
// peer_o is the source address of the last good packet, 0 before the first.
module mctp_smbus_receiver
  import sluice_pkg::*;
(
    input  logic            clk_i,
    input  logic            rst_ni,
    input  logic            byte_i,
    input  logic            last_i,
    input  logic      [7:0] data_i,
    input  logic            source_i,
    input  logic            good_i,
    input  logic            bad_i,
    input  logic            patient_i,
    output logic            stretch_o,    // one cycle: no room for this byte
    output logic            hold_o,
    output logic            give_up_o,    // one cycle
    output logic      [6:0] peer_o,
    output pkt_byte_t       pkt_o,
    output logic            pkt_valid_o,
    input  logic            pkt_ready_i
);

  logic [7:0] data_q;
  logic full_q, full_d;  // data_q is to leave
  logic last_q;  // as the last byte, and not before the verdict
  logic good_q, good_d;  // which was good
  logic open_q, open_d;  // bytes of a packet came and its end did not leave
  logic broken_q, broken_d;  // it turned out bad
  logic wait_q, wait_d;  // a byte waits for room
  logic [6:0] source_q, peer_q;
  logic room, take, sent;

  assign room = !full_q && !broken_q;
  assign take = (byte_i || wait_q) && room;
  assign stretch_o = byte_i && !room;
  assign hold_o = wait_q;
  assign give_up_o = wait_q && !room && !patient_i;
  assign peer_o = peer_q;

  assign pkt_o = '{err: !full_q, last: !full_q || last_q, data: data_q};
  assign pkt_valid_o = full_q ? !last_q || good_q : broken_q;
  assign sent = pkt_valid_o && pkt_ready_i;

  always_comb begin
    wait_d   = (byte_i || wait_q) && !take && !give_up_o && !bad_i;
    full_d   = full_q;
    good_d   = good_q;
    open_d   = open_q;
    broken_d = broken_q;
    if (sent) begin
      full_d = 1'b0;
      good_d = 1'b0;
      if (pkt_o.last) begin
        open_d   = 1'b0;
        broken_d = 1'b0;
      end
    end
    if (take) begin
      full_d = 1'b1;
      open_d = 1'b1;
    end
    if (good_i) good_d = 1'b1;
    // A good packet's end may still wait here while the next packet breaks.
    if (bad_i && open_q && !good_q) begin
      broken_d = 1'b1;
      if (last_q) full_d = 1'b0;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      full_q   <= 1'b0;
      good_q   <= 1'b0;
      open_q   <= 1'b0;
      broken_q <= 1'b0;
      wait_q   <= 1'b0;
      peer_q   <= '0;
    end else begin
      full_q   <= full_d;
      good_q   <= good_d;
      open_q   <= open_d;
      broken_q <= broken_d;
      wait_q   <= wait_d;
      if (good_i) peer_q <= source_q;
    end
  end

  always_ff @(posedge clk_i) begin
    if (take) data_q <= data_i;
    if (take) last_q <= last_i;
    if (source_i) source_q <= data_i[7:1];
  end

`ifndef SYNTHESIS
  assert property (@(posedge clk_i) disable iff (!rst_ni)
                   pkt_valid_o && !pkt_ready_i |=> pkt_valid_o && $stable(
      {pkt_o.err, pkt_o.last}
  ) && (pkt_o.err || $stable(
      pkt_o.data
  )));
  assert property (@(posedge clk_i) disable iff (!rst_ni) good_i |-> full_q && last_q && open_q);
`endif

endmodule
