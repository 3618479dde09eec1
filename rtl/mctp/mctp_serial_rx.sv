// SPDX-License-Identifier: Apache-2.0
//
// Takes the bytes of a serial line apart into MCTP packets (DSP0253). What is a good frame, and
// from where the next one is sought after a bad one, is the rule in host/mctp_serial.h, byte for
// byte. A packet's last byte leaves only after the FCS and the closing flag were seen; a packet
// that began to leave and turned out bad ends with a beat that carries `err`.
//
// A beat is to be taken before the next byte of the line (10 bits) less 8 cycles have passed, a
// packet's end within three such times. If not, the frame is bad; the packet then ends with `err`
// or has ended already, never without an end.
module mctp_serial_rx
  import sluice_pkg::*;
#(
    parameter int unsigned MaxPacket = 74  // longest packet, bytes with header, 5..255
) (
    input logic clk_i,
    input logic rst_ni,
    input logic [7:0] byte_i,
    input logic byte_valid_i,  // one cycle; at least 12 cycles from one to the next
    input logic byte_err_i,  // with byte_valid_i: framing error
    output pkt_byte_t pkt_o,
    output logic pkt_valid_o,
    input logic pkt_ready_i,
    output logic bad_o  // one cycle a bad frame, counted from its revision byte on
);

  localparam int unsigned LenW = $clog2(MaxPacket + 1);
  localparam logic [7:0] Flag = 8'h7e;
  localparam logic [7:0] Escape = 8'h7d;
  localparam logic [7:0] Revision = 8'h01;

  // A table costs fewer cells than two comparisons, which would become carry chains.
  function automatic logic [255:0] good_lengths();
    for (int unsigned i = 0; i < 256; i++) good_lengths[i] = i >= 5 && i <= MaxPacket;
  endfunction
  localparam logic [255:0] GoodLengths = good_lengths();

  typedef enum logic [2:0] {
    Hunt,     // for flag, revision and length
    Begun,    // length in data_q; no data yet
    Data,     // last data byte in data_q, more to come
    Escaped,
    FcsHigh,  // all data came; this byte is awaited
    FcsLow,
    End
  } state_e;

  state_e state_q, state_d;
  logic flag_q, flag_d;  // the last byte was a flag
  logic revision_q, revision_d;  // the last two were flag and revision
  logic [LenW-1:0] left_q, left_d;
  logic [7:0] data_q, data_d;
  logic [7:0] fcs;
  logic [2:0] step_q, step_d;
  logic shifting_q, shifting_d;
  logic emit_q, emit_d;  // data_q is to leave
  logic last_q;  // as the last byte of a good packet
  logic open_q, open_d;  // bytes of a packet left and its end did not

  logic is_flag, is_escape, is_revision, is_escape_code, is_fcs, is_length;
  logic in_header, in_data, aborted, accepted, begins, load, shift, count;

  assign is_flag = byte_i == Flag;
  assign is_escape = byte_i == Escape;
  assign is_escape_code = byte_i == (Flag ^ 8'h20) || byte_i == (Escape ^ 8'h20);
  assign is_revision = byte_i == Revision;
  assign is_fcs = byte_i == fcs;
  assign is_length = GoodLengths[byte_i];

  // A length comes only in these two: behind an FCS of 7e 01 the next frame may begin with it.
  assign in_header = state_q == Hunt || state_q == End;
  assign in_data = state_q == Begun || state_q == Data || state_q == Escaped;

  // A beat with data waits until data_q stands still again.
  assign aborted = open_q && (state_q == Hunt || state_q == Begun);
  assign pkt_valid_o = aborted || (emit_q && !shifting_q);
  assign pkt_o = '{err: !emit_q, last: !emit_q || last_q, data: data_q};

  // ---- what the byte is -----------------------------------------------------------------------
  always_comb begin
    flag_d = is_flag && !byte_err_i;
    revision_d = flag_q && is_revision && !byte_err_i;
    state_d = left_q == LenW'(1) ? FcsHigh : Data;
    accepted = 1'b0;
    unique case (state_q)
      Begun: begin
        accepted = !is_flag && !open_q;
        if (is_escape) state_d = Escaped;
      end
      Data: begin
        accepted = !is_flag && !emit_q;
        if (is_escape) state_d = Escaped;
      end
      Escaped: accepted = is_escape_code && !emit_q;
      FcsHigh: begin
        accepted = is_fcs;
        state_d  = FcsLow;
      end
      FcsLow: begin
        accepted = is_fcs;
        state_d  = End;
      end
      End: begin
        accepted = is_flag;
        state_d  = Hunt;
      end
      default: ;
    endcase
    if (byte_err_i) accepted = 1'b0;
    begins = !accepted && revision_q && is_length && !emit_q && !byte_err_i;
    if (!accepted) state_d = begins ? Begun : Hunt;
    if (begins) flag_d = 1'b0;  // N may be 7e
    bad_o = byte_valid_i && !accepted && (state_q != Hunt || (revision_q && !begins));
  end

  // ---- what is done with it -------------------------------------------------------------------
  // Whether it was accepted does not matter here: a byte that was not leads to Hunt, where the
  // next one makes good for it. But a beat that nobody took must stay.
  always_comb begin
    shift = byte_valid_i && !emit_q;
    if (is_escape && (state_q == Begun || state_q == Data)) shift = 1'b0;
    if (is_flag && state_q == End) shift = 1'b0;
    load   = shift && (in_data || in_header);
    data_d = {data_q[0], data_q[7:1]};
    if (load) data_d = byte_i;
    if (load && state_q == Escaped) data_d[5] = !byte_i[5];
    // One adder with the load in the same cells: its operand is also the choice.
    count  = !in_header;
    left_d = left_q + {LenW{count}};
    if (!count) left_d = byte_i[LenW-1:0];
    // Written out, because small adders become carry chains.
    step_d = {step_q[2] ^ (step_q[1] && step_q[0]), step_q[1] ^ step_q[0], !step_q[0]};
    shifting_d = shift || (shifting_q && step_q != '1);
  end

  // The last byte waits for the closing flag, the others for nothing.
  always_comb begin
    emit_d = emit_q;
    open_d = open_q;
    if (pkt_valid_o && pkt_ready_i) begin
      emit_d = 1'b0;
      open_d = !pkt_o.last;
    end
    if (byte_valid_i && accepted && (state_q == End || state_d == Data)) emit_d = 1'b1;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= Hunt;
      flag_q <= 1'b0;
      revision_q <= 1'b0;
      step_q <= '0;
      shifting_q <= 1'b0;
      emit_q <= 1'b0;
      open_q <= 1'b0;
    end else begin
      if (byte_valid_i) begin
        state_q <= state_d;
        flag_q <= flag_d;
        revision_q <= revision_d;
      end
      if (shifting_q) step_q <= step_d;
      shifting_q <= shifting_d;
      emit_q <= emit_d;
      open_q <= open_d;
    end
  end

  always_ff @(posedge clk_i) begin
    if (shift) left_q <= left_d;
    if (byte_valid_i && !emit_q) last_q <= state_q == End;
    if (load || shifting_q) data_q <= data_d;
  end

  mctp_fcs u_fcs (
      .clk_i,
      .rst_ni,
      .init_i  (shift && in_header),
      .shift_i (shifting_q),
      .rotate_i(state_q == FcsLow),
      .data_i  (data_q[0]),
      .high_o  (fcs)
  );

`ifndef SYNTHESIS
  // The data of a beat with `err` is meaningless and may change.
  assert property (@(posedge clk_i) disable iff (!rst_ni)
                   pkt_valid_o && !pkt_ready_i |=>
                   pkt_valid_o && $stable(
      {pkt_o.err, pkt_o.last}
  ) && (pkt_o.err || $stable(
      pkt_o.data
  )));
  assert property (@(posedge clk_i) disable iff (!rst_ni) byte_valid_i |-> !shifting_q);
`endif

endmodule
