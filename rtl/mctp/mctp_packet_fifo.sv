// SPDX-License-Identifier: Apache-2.0
//
// Stores whole packets in one block RAM of 512 bytes: four of up to 127 bytes, or two of up to 255.
// A packet is there for the reader only when its last byte came without `err`; one that ends with
// `err`, finds no room or is too long leaves no trace. The write side takes a byte a cycle, but for
// one cycle after each packet, and never makes a link wait longer.
//
// Reader: length_o is the number of bytes left of the packet at the head. It goes from 0 to the
// packet's length, then down by one with each pop_i; data_o is the next byte in every cycle in
// which data_valid_o is high (not in the two after a pop). With TagW > 0 a tag goes along with it.
module mctp_packet_fifo
  import sluice_pkg::*;
#(
    parameter  int unsigned MaxPacket = 74,                   // longest packet, bytes, 1..255
    parameter  int unsigned TagW      = 0,                    // bits stored beside each byte
    localparam int unsigned TagPortW  = TagW == 0 ? 1 : TagW
) (
    input  logic                     clk_i,
    input  logic                     rst_ni,
    input  pkt_byte_t                pkt_i,
    input  logic                     pkt_valid_i,
    output logic                     pkt_ready_o,
    input  logic      [TagPortW-1:0] tag_i,
    output logic                     room_o,        // the next packet will find room
    output logic                     empty_o,       // no packet is stored or under way
    output logic                     drop_o,        // one cycle a good packet that found no room
    output logic      [         7:0] length_o,
    output logic      [         7:0] data_o,
    output logic      [TagPortW-1:0] tag_o,
    output logic                     data_valid_o,
    input  logic                     pop_i          // only while data_valid_o
);

  // One slot a packet: data from offset 0, its length in the slot's last byte.
  localparam int unsigned Words = 512;
  localparam int unsigned OffsetW = $clog2(MaxPacket + 1);
  localparam int unsigned SlotW = $clog2(Words) - OffsetW;
  localparam logic [OffsetW-1:0] LengthAt = '1;

  // ---- write side -------------------------------------------------------------------------------
  logic [SlotW:0] wslot_q;
  logic [SlotW:0] rslot_q;
  logic [OffsetW-1:0] woffset_q, woffset_d;
  logic spoilt_q, spoilt_d;  // the packet under way is not to be stored
  logic commit_q, commit_d;  // it is complete, its length is written now
  logic taken, refuse, we;
  logic [OffsetW-1:0] waddr;
  logic [7:0] wdata;

  assign room_o = (wslot_q ^ rslot_q) != {1'b1, {SlotW{1'b0}}};
  assign empty_o = wslot_q == rslot_q && woffset_q == '0 && !spoilt_q;
  assign pkt_ready_o = !commit_q;
  assign taken = pkt_valid_i && pkt_ready_o;
  assign refuse = spoilt_q || !room_o || woffset_q == LengthAt;
  assign drop_o = taken && pkt_i.last && !pkt_i.err && refuse;
  assign we = commit_q || (taken && !refuse);
  assign waddr = commit_q ? LengthAt : woffset_q;
  assign wdata = commit_q ? 8'(woffset_q) : pkt_i.data;

  always_comb begin
    woffset_d = woffset_q + 1'b1;
    spoilt_d  = refuse;
    commit_d  = 1'b0;
    if (commit_q) woffset_d = '0;
    else if (pkt_i.last) begin
      spoilt_d = 1'b0;
      commit_d = taken && !pkt_i.err && !refuse;
      if (!commit_d) woffset_d = '0;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      wslot_q   <= '0;
      woffset_q <= '0;
      spoilt_q  <= 1'b0;
      commit_q  <= 1'b0;
    end else begin
      if (commit_q) wslot_q <= wslot_q + 1'b1;
      if (taken || commit_q) woffset_q <= woffset_d;
      if (taken) spoilt_q <= spoilt_d;
      commit_q <= commit_d;
    end
  end

  // ---- read side --------------------------------------------------------------------------------
  // The offset rests at the length.
  typedef enum logic [1:0] {
    Empty,
    ReadLength,  // the RAM shows the length
    Turn,        // the RAM does not show the next byte yet
    Ready
  } state_e;

  state_e state_q, state_d;
  logic [OffsetW-1:0] roffset_q, roffset_d;
  logic [OffsetW-1:0] left_q, left_d;
  logic [7:0] rdata;
  logic final_pop, count;

  assign length_o = 8'(left_q);
  assign data_o = rdata;
  assign data_valid_o = state_q == Ready;
  assign final_pop = state_q == Ready && left_q == OffsetW'(1);
  assign count = state_q != ReadLength;

  always_comb begin
    state_d = state_q;
    roffset_d = roffset_q + 1'b1;
    // One adder with the load in the same cell: the operand is also the choice.
    left_d = left_q + {OffsetW{count}};
    if (!count) left_d = rdata[OffsetW-1:0];
    unique case (state_q)
      Empty: if (wslot_q != rslot_q) state_d = ReadLength;
      ReadLength: state_d = Turn;
      Turn: state_d = Ready;
      Ready: begin
        if (pop_i) state_d = final_pop ? Empty : Turn;
        if (final_pop) roffset_d = LengthAt;
      end
      default: state_d = Empty;
    endcase
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      rslot_q   <= '0;
      roffset_q <= LengthAt;
      left_q    <= '0;
      state_q   <= Empty;
    end else begin
      if (pop_i && final_pop) rslot_q <= rslot_q + 1'b1;
      if (pop_i || !count) begin
        roffset_q <= roffset_d;
        left_q <= left_d;
      end
      state_q <= state_d;
    end
  end

  // ---- memory -----------------------------------------------------------------------------------
  logic [8+TagW-1:0] write_word, read_word;

  assign rdata = read_word[7:0];
  if (TagW == 0) begin : gen_no_tag
    logic unused_tag;
    assign unused_tag = ^tag_i;
    assign write_word = wdata;
    assign tag_o = '0;
  end else begin : gen_tag
    assign write_word = {tag_i, wdata};
    assign tag_o = read_word[8+:TagW];
  end

  prim_ram_2p #(
      .Words(Words),
      .Width(8 + TagW)
  ) u_ram (
      .clk_i,
      .we_i   (we),
      .waddr_i({wslot_q[SlotW-1:0], waddr}),
      .wdata_i(write_word),
      .re_i   (1'b1),
      .raddr_i({rslot_q[SlotW-1:0], roffset_q}),
      .rdata_o(read_word)
  );

`ifndef SYNTHESIS
  APopsWhatIsThere :
  assert property (@(posedge clk_i) disable iff (!rst_ni) pop_i |-> data_valid_o);
  AHasLength :
  assert property (@(posedge clk_i) disable iff (!rst_ni) data_valid_o |-> length_o != '0);
  AKeepsByte :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
                   data_valid_o && !pop_i |=> data_valid_o && $stable(
      {length_o, data_o}
  ));
  ALinkKeeps :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
                   pkt_valid_i && !pkt_ready_o |=> pkt_valid_i && (pkt_i.err || $stable(
      pkt_i
  )));
`endif

endmodule
