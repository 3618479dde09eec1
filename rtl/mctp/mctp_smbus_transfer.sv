// SPDX-License-Identifier: Apache-2.0
//
// Follows every transfer on the bus bit by bit, as target and as controller alike: both see the
// same bytes of a block write (DSP0237),
//   destination << 1, 0f, count, source << 1 | 1, MCTP packet, PEC
// and differ in who drives the data bits and who the acknowledge bits. So one shift register, one
// PEC and one state serve both, and a controller that loses arbitration in the address goes on as
// the target that it may be.
//
// As target it acknowledges what is right: own address with write bit, command 0f, a count that
// fits, a source address with bit 0 set, every byte of the packet, the right PEC. The packet is
// good when STOP or START follows at once.
module mctp_smbus_transfer
  import sluice_pkg::*;
#(
    parameter int unsigned MaxPacket = 74  // longest packet received, bytes with header, 5..254
) (
    input logic clk_i,
    input logic rst_ni,
    // the bus
    input logic scl_i,
    input logic sda_i,
    input logic rise_i,
    input logic fall_i,
    input logic start_i,
    input logic stop_i,
    output logic sda_low_o,  // drives the line
    // as controller
    input logic begin_i,  // START: the bus is free and a packet is offered
    input logic finish_i,  // STOP: in a high clock while ending_o
    input logic abort_i,  // the bus is dead, let go
    input logic [6:0] own_i,
    input logic [6:0] destination_i,
    input pkt_byte_t tx_i,
    input logic [7:0] tx_len_i,
    input logic tx_valid_i,
    output logic tx_ready_o,
    output logic sending_o,  // is controller
    output logic ending_o,  // is controller, and the clock rose for STOP
    output logic waiting_o,  // for a byte of the packet: the clock must stay low
    output logic late_o,  // one cycle: it came while the clock was low
    output logic begun_o,  // bytes of the packet have been taken
    output logic sent_o,  // one cycle: all was acknowledged
    output logic failed_o,  // one cycle: lost, not acknowledged or cut short
    // as target
    input logic give_up_i,  // no room for a byte, for too long
    output logic byte_o,  // one cycle: data_o is of the packet, until the clock rises
    output logic last_o,  // it is the last one
    output logic [7:0] data_o,
    output logic source_o,  // one cycle: the source byte in data_o
    output logic good_o,  // one cycle: the packet was good
    output logic bad_o  // one cycle: it was not
);

  localparam logic [7:0] CommandMctp = 8'h0f;

  // A table costs fewer cells than two comparisons, which would become carry chains.
  function automatic logic [255:0] good_counts();
    for (int unsigned i = 0; i < 256; i++) good_counts[i] = i >= 5 + 1 && i <= MaxPacket + 1;
  endfunction
  localparam logic [255:0] GoodCounts = good_counts();

  // The byte under way. Each is followed by the next one, but for Data.
  typedef enum logic [2:0] {
    Quiet,    // no transfer, or none of ours
    Address,
    Command,
    Count,
    Source,
    Data,
    Check,    // the PEC
    End       // only STOP may follow
  } state_e;

  state_e state_q, state_d;
  logic [3:0] bit_q, bit_d;  // bits of the byte that were sampled
  logic [7:0] sh_q, sh_d;  // the byte: bits to send leave at the top, sampled ones come in below
  logic [7:0] left_q, left_d;  // bytes of source and packet that are left, with this one
  logic [7:0] pec;
  logic sending_q, sending_d;
  logic load_q, load_d;  // sh_q is to be loaded
  logic sda_low_q, sda_low_d;
  logic ack_slot, data_rise, out_bit, right, want_low, acked, advance, loaded;
  logic own_start, lost, refused, cut, in_body, ended, spoilt;

  assign ack_slot = bit_q[3];
  assign data_rise = rise_i && !ack_slot;
  assign out_bit = state_q == Check ? pec[7] : sh_q[7];
  assign acked = sending_q ? !sda_i : sda_low_q;
  assign advance = rise_i && ack_slot && acked;

  // ---- what is right for a target -------------------------------------------------------------
  always_comb begin
    unique case (state_q)
      Address: right = sh_q == {own_i, 1'b0};
      Command: right = sh_q == CommandMctp;
      Count: right = GoodCounts[sh_q];
      Source: right = sh_q[0];
      Data: right = 1'b1;
      Check: right = pec == '0;
      default: right = 1'b0;
    endcase
  end

  // ---- the data line: changes while the clock is low, but for START and STOP ------------------
  always_comb begin
    want_low = ack_slot ? right : 1'b0;
    if (sending_q) want_low = state_q == End || (!ack_slot && !out_bit);
    sda_low_d = sda_low_q;
    if (!scl_i) sda_low_d = want_low;
    if (finish_i || abort_i) sda_low_d = 1'b0;
    if (begin_i) sda_low_d = 1'b1;
  end
  assign sda_low_o = sda_low_q;

  // ---- controller -------------------------------------------------------------------------------
  assign ended = start_i || stop_i || abort_i;
  assign lost = data_rise && sending_q && state_q != End && out_bit && !sda_i;
  assign refused = rise_i && ack_slot && sending_q && sda_i;
  assign own_start = start_i && state_q == Address && bit_q == '0;
  assign cut = sending_q && state_q != End && ended && !own_start;
  assign failed_o = lost || refused || cut;
  assign sent_o = advance && sending_q && state_q == Check;
  assign sending_o = sending_q;
  // The data line is low since the clock fell; the bit that is now counted is the STOP.
  assign ending_o = sending_q && state_q == End && bit_q != '0;
  assign begun_o = state_q == Data || state_q == Check;
  assign waiting_o = load_q && sending_q;
  assign loaded = load_q && sending_q && (state_q != Data || tx_valid_i);
  assign tx_ready_o = load_q && sending_q && state_q == Data;
  assign late_o = loaded && !scl_i;

  always_comb begin
    sending_d = sending_q;
    if (lost || cut || stop_i || abort_i || (ending_o && fall_i)) sending_d = 1'b0;
    if (begin_i) sending_d = 1'b1;
    load_d = waiting_o && !loaded;
    if (begin_i || (advance && sending_q)) load_d = 1'b1;
  end

  // ---- target -----------------------------------------------------------------------------------
  assign in_body = !sending_q && state_q >= Count;
  assign byte_o = fall_i && ack_slot && !sending_q && state_q == Data;
  assign last_o = left_q == 8'd1;
  assign data_o = sh_q;
  assign source_o = advance && !sending_q && state_q == Source;
  assign good_o = !sending_q && state_q == End && (start_i || stop_i);
  // A byte that it does not acknowledge, or a bit after the one in which STOP comes.
  assign spoilt = rise_i && !sending_q && (ack_slot ? !sda_low_q : state_q == End && bit_q != '0);
  assign bad_o = in_body && !good_o && (ended || spoilt || give_up_i);

  // ---- both -------------------------------------------------------------------------------------
  always_comb begin
    state_d = state_q;
    if (advance) state_d = state_q == Data && !last_o ? Data : state_e'(state_q + 3'd1);
    if (refused) state_d = End;
    if (spoilt || give_up_i || (lost && state_q != Address)) state_d = Quiet;
    if (stop_i || abort_i) state_d = Quiet;
    if (start_i || begin_i) state_d = Address;

    bit_d = bit_q;
    if (rise_i) bit_d = ack_slot ? '0 : bit_q + 4'd1;
    if (start_i || begin_i) bit_d = '0;

    // One adder with the load in the same cells: its operand is also the choice.
    left_d = state_q == Count ? sh_q : left_q - 8'd1;

    sh_d   = {sh_q[6:0], sda_i};
    if (load_q) begin
      unique case (state_q)
        Address: sh_d = {destination_i, 1'b0};
        Command: sh_d = CommandMctp;
        Count:   sh_d = tx_len_i + 8'd1;
        Source:  sh_d = {own_i, 1'b1};
        default: sh_d = tx_i.data;
      endcase
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= Quiet;
      bit_q <= '0;
      sending_q <= 1'b0;
      load_q <= 1'b0;
      sda_low_q <= 1'b0;
    end else begin
      state_q <= state_d;
      bit_q <= bit_d;
      sending_q <= sending_d;
      load_q <= load_d;
      sda_low_q <= sda_low_d;
    end
  end

  always_ff @(posedge clk_i) begin
    if (data_rise || loaded) sh_q <= sh_d;
    if (advance) left_q <= left_d;
  end

  mctp_smbus_pec u_pec (
      .clk_i,
      .init_i (start_i),
      .shift_i(data_rise),
      .data_i (sda_i),
      .pec_o  (pec)
  );

`ifndef SYNTHESIS
  assert property (@(posedge clk_i) disable iff (!rst_ni) begin_i |-> tx_valid_i && !sending_q);
  assert property (@(posedge clk_i) disable iff (!rst_ni) finish_i |-> ending_o && scl_i);
  assert property (@(posedge clk_i) disable iff (!rst_ni) tx_valid_i |-> !tx_i.err);
  assert property (@(posedge clk_i) disable iff (!rst_ni)
                   begin_i |-> tx_len_i >= 8'd5 && tx_len_i <= 8'd254);
  // The length that was announced and the packet's end agree.
  assert property (@(posedge clk_i) disable iff (!rst_ni)
                   tx_valid_i && tx_ready_o |-> tx_i.last == last_o);
  // The data line moves only while the clock is low, but for START, STOP and a dead bus.
  assert property (@(posedge clk_i) disable iff (!rst_ni)
                   scl_i && !begin_i && !finish_i && !abort_i |=> $stable(
      sda_low_q
  ));
`endif

endmodule
