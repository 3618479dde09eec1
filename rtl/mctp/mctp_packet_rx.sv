// SPDX-License-Identifier: Apache-2.0
//
// Takes the words of a packet port apart into the bytes of MCTP packets, a byte a cycle without a gap
// as long as a word waits. A word carries its bytes from the lowest on; keep_i says which there are:
// all four, but for a packet's last word (last_i), which has one to four.
//
// A packet is bad when its last word carries err_i, when keep_i has a hole or is short before the
// last word, or when the packet is longer than MaxPacket: it then ends with `err` in place of the
// word at fault, and words up to its last are thrown away.
module mctp_packet_rx
  import sluice_pkg::*;
#(
    parameter int unsigned MaxPacket = 255  // bytes with header, 5..255
) (
    input  logic             clk_i,
    input  logic             rst_ni,
    input  logic      [31:0] data_i,
    input  logic      [ 3:0] keep_i,
    input  logic             last_i,
    input  logic             err_i,        // with last_i: the packet is to be dropped
    input  logic             valid_i,
    output logic             ready_o,
    output pkt_byte_t        pkt_o,
    output logic             pkt_valid_o,
    input  logic             pkt_ready_i,
    output logic             bad_o         // one cycle a bad packet
);

  // The word whose bytes leave, the next one in bits 7:0.
  logic [31:0] data_q;
  logic [ 1:0] left_q;  // bytes behind the next one
  logic last_q, err_q, full_q;
  logic skip_q;  // the packet was bad, its last word is still to come
  logic [7:0] length_q;  // bytes of the packet in earlier words

  logic legal, bad, take, taken, gone;
  logic [1:0] behind;
  logic [8:0] length;

  always_comb begin
    legal = 1'b1;
    unique case (keep_i)
      4'b0001: behind = 2'd0;
      4'b0011: behind = 2'd1;
      4'b0111: behind = 2'd2;
      4'b1111: behind = 2'd3;
      default: begin
        behind = 2'd0;
        legal  = 1'b0;
      end
    endcase
    if (!last_i && keep_i != '1) legal = 1'b0;
  end

  assign length = 9'(length_q) + 9'(behind) + 9'd1;
  assign bad = !legal || length > 9'(MaxPacket) || (last_i && err_i);

  assign taken = full_q && pkt_ready_i;
  assign gone = !full_q || (taken && left_q == '0);
  assign ready_o = skip_q || gone;
  assign take = valid_i && ready_o && !skip_q;
  assign bad_o = take && bad;

  assign pkt_valid_o = full_q;
  assign pkt_o.data = data_q[7:0];
  assign pkt_o.last = last_q && left_q == '0;
  assign pkt_o.err = err_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      full_q   <= 1'b0;
      skip_q   <= 1'b0;
      length_q <= '0;
    end else begin
      if (gone) full_q <= take;
      if (take) length_q <= last_i || bad ? '0 : length[7:0];
      if (take) skip_q <= bad && !last_i;
      else if (valid_i && last_i) skip_q <= 1'b0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (take) begin
      data_q <= data_i;
      left_q <= bad ? '0 : behind;
      last_q <= last_i || bad;
      err_q  <= bad;
    end else if (taken) begin
      data_q <= data_q >> 8;
      left_q <= left_q - 2'd1;
    end
  end

`ifndef SYNTHESIS
  AHostWaits :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    valid_i && !ready_o |=> valid_i && $stable(
      {data_i, keep_i, last_i, err_i}
  ));
  AKeepsByte :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    pkt_valid_o && !pkt_ready_i |=> pkt_valid_o && $stable(
      pkt_o
  ));
`endif

endmodule
