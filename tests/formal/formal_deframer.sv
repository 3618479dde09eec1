// SPDX-License-Identifier: Apache-2.0
//
// What mctp_serial_rx promises, whatever came before: a good frame (DSP0253) that follows a flag is
// delivered whole. From any flag on, the line may become a good one: from there the bytes are those of a frame
// with any length, any data and the right FCS, and each data byte must leave once and in its turn.
module formal_deframer
  import sluice_pkg::*;
#(
    parameter int unsigned MaxPacket = 74
) (
    input logic             clk_i,
    input logic             rst_ni,
    input logic      [ 7:0] byte_i,
    input logic             byte_valid_i,
    input logic             byte_err_i,
    input pkt_byte_t        pkt_o,
    input logic             pkt_valid_o,
    input logic             pkt_ready_i,
    input logic             bad_o,
    input logic      [ 2:0] state,         // Hunt, Begun, Data, Escaped, FcsHigh, FcsLow, End
    input logic      [ 7:0] left,
    input logic             flag_q,
    input logic             revision_q,
    input logic      [ 2:0] step_q,
    input logic             shifting_q,
    input logic             emit_q,
    input logic             last_q,
    input logic      [ 7:0] data_q,
    input logic      [15:0] fcs            // of mctp_fcs
);

  logic started_q = 1'b0;
  always_ff @(posedge clk_i) started_q <= 1'b1;
  always_comb assume (started_q || !rst_ni);

  localparam int unsigned ByteCycles = 12;
  localparam logic [7:0] Flag = 8'h7e;
  localparam logic [7:0] Escape = 8'h7d;
  localparam logic [15:0] FcsOfRevision = 16'h1e0e;
  localparam logic [15:0] Polynomial = 16'h8408;

  // ---- the sender --------------------------------------------------------------------------------------
  typedef enum logic [2:0] {
    Anything,  // bytes may be any
    Flagged,
    Revised,   // flag and revision were sent
    Payload,   // data is to come
    Coded,     // behind an escape
    High,      // the FCS is to come
    Low,
    Close
  } phase_e;
  phase_e phase_q, phase_d;
  logic any, good;  // nobody feeds them: this flag begins a good frame
  always_ff @(posedge clk_i) good <= any;
  logic legal;  // the byte is one of a good frame
  logic [7:0] left_q, left_d;  // data bytes to come
  logic [7:0] data;
  logic is_data;
  logic [15:0] fcs_q;
  logic [7:0] bits_q;  // the last length or data byte, turning
  logic [3:0] gap_q;  // cycles since the last byte, stays at its most
  logic owed_q, owed_last_q;  // a beat is to leave
  logic [7:0] owed_data_q;
  logic begun_q;  // the first of this frame's beats is owed or has left

  // What the module does with the last byte in the eight cycles behind it.
  logic turns_q;  // it turns data
  logic counts_q;  // and the FCS counts that
  always_ff @(posedge clk_i) begin
    if (byte_valid_i) begin
      turns_q  <= is_data || phase_q inside {Revised, High, Low};
      counts_q <= is_data || phase_q == Revised;
    end
  end
  logic turning;
  assign turning = gap_q < 8 && turns_q;

  assign data = phase_q == Coded ? byte_i ^ 8'h20 : byte_i;
  assign is_data = byte_valid_i && (phase_q == Coded || (phase_q == Payload && byte_i != Escape));

  always_comb begin
    phase_d = phase_q;
    left_d  = left_q;
    legal   = 1'b1;
    unique case (phase_q)
      Flagged: begin
        legal   = byte_i == 8'h01;
        phase_d = Revised;
      end
      Revised: begin
        legal   = byte_i >= 5 && 32'(byte_i) <= MaxPacket;
        left_d  = byte_i;
        phase_d = Payload;
      end
      Payload, Coded: begin
        legal = phase_q == Coded ? data inside {Flag, Escape} : byte_i != Flag;
        if (is_data) left_d = left_q - 1'b1;
        phase_d = left_d == '0 ? High : Payload;
        if (!is_data) phase_d = Coded;
      end
      High: begin
        legal   = byte_i == fcs_q[15:8];
        phase_d = Low;
      end
      Low: begin
        legal   = byte_i == fcs_q[7:0];
        phase_d = Close;
      end
      Close: begin
        legal   = byte_i == Flag;
        phase_d = good ? Flagged : Anything;
      end
      default: if (good && byte_i == Flag && !byte_err_i) phase_d = Flagged;
    endcase
  end

  AFrameIsGood :
  assume property (@(posedge clk_i) disable iff (!rst_ni)
    byte_valid_i && phase_q != Anything |-> legal && !byte_err_i);
  // What the module's header asks of line and consumer. The consumer may have been late before.
  ABytesApart :
  assume property (@(posedge clk_i) disable iff (!rst_ni)
    byte_valid_i |-> 32'(gap_q) >= ByteCycles - 1);
  ATakenInTime :
  assume property (@(posedge clk_i) disable iff (!rst_ni)
    byte_valid_i && phase_q != Anything |-> !pkt_valid_o);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      phase_q <= Anything;
      gap_q   <= '1;
      owed_q  <= 1'b0;
      begun_q <= 1'b0;
    end else begin
      if (owed_q && pkt_valid_o && pkt_ready_i) owed_q <= 1'b0;
      gap_q <= byte_valid_i ? '0 : gap_q + 4'(gap_q != '1);
      if (byte_valid_i) begin
        phase_q <= phase_d;
        left_q  <= left_d;
        if (phase_q == Revised) begin
          fcs_q   <= FcsOfRevision;
          bits_q  <= byte_i;
          begun_q <= 1'b0;
        end
        if (is_data) begin
          bits_q      <= data;
          owed_data_q <= data;
          owed_last_q <= 1'b0;
          begun_q     <= 1'b1;
        end
        if (phase_q == Close) owed_last_q <= 1'b1;
        if ((is_data && left_d != '0) || phase_q == Close) owed_q <= 1'b1;
      end else begin
        if (turning) bits_q <= {bits_q[0], bits_q[7:1]};
        if (turning && counts_q) begin
          fcs_q <= (fcs_q >> 1) ^ (fcs_q[0] ^ bits_q[0] ? Polynomial : '0);
        end
      end
    end
  end

  // ---- promises ------------------------------------------------------------------------------------------
  logic ours;  // beats from here on are this frame's
  assign ours = phase_q inside {Payload, Coded, High, Low, Close} && begun_q;
  AEachByteInItsTurn :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    (ours || owed_q) && pkt_valid_o |->
      owed_q && !pkt_o.err && pkt_o.data == owed_data_q && pkt_o.last == owed_last_q);
  AOffersSoon :
  assert property (@(posedge clk_i) disable iff (!rst_ni) owed_q && gap_q >= 8 |-> pkt_valid_o);
  ANoneLost :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    byte_valid_i && phase_q != Anything |-> !owed_q);
  ANotBad :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    phase_q inside {Payload, Coded, High, Low, Close} |-> !bad_o);

  // ---- what the proof stands on: the module is where the sender is -----------------------------------------
  // Hunt, Begun, Data, Escaped, FcsHigh, FcsLow, End are 0 to 6.
  logic in_frame;
  assign in_frame = phase_q inside {Payload, Coded, High, Low, Close};
  AInStep :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    (phase_q != Flagged || (flag_q && state inside {3'd0, 3'd5, 3'd6})) &&
    (phase_q != Revised || (revision_q && state inside {3'd0, 3'd6})) &&
    (phase_q != Payload || state == (begun_q ? 3'd2 : 3'd1)) &&
    (phase_q != Coded || state == 3'd3) &&
    (phase_q != High || state == 3'd4) && (phase_q != Low || state == 3'd5) &&
    (phase_q != Close || state == 3'd6));
  ALeftInStep :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    phase_q inside {Payload, Coded} |-> left == left_q && left_q != '0);
  AStepIsGap :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    step_q == (shifting_q ? gap_q[2:0] : 3'd0) && (!shifting_q || gap_q < 8));
  ATurnsInStep :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    in_frame |-> shifting_q == turning && data_q == bits_q &&
      (begun_q || phase_q inside {Payload, Coded}) &&
      (phase_q inside {Low, Close} ? turns_q && !counts_q : turns_q == counts_q));
  AOwedIsHeld :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    (!in_frame || emit_q == owed_q) &&
    (!owed_q || (emit_q && last_q == owed_last_q && (in_frame || owed_last_q))));
  AOwedDataIsHeld :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    (begun_q && in_frame) || owed_q |->
      data_q == 8'({owed_data_q, owed_data_q} >> (shifting_q ? gap_q[2:0] : 3'd0)));
  AFcsInStep :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    (!(phase_q inside {Payload, Coded, High}) || fcs == fcs_q) &&
    (phase_q != Low || fcs == 16'({fcs_q, fcs_q} >> (turning ? gap_q : 4'd8))));

  // ---- one way there: a frame is cut by the flag that begins a good one of five zeroes ----------
  logic guided_q, arrived_q;
  logic [1:0] bytes_q;  // before the good frame
  logic [7:0] guide;
  always_comb begin
    guide = bytes_q == 1 ? 8'h01 : Flag;
    if (phase_q == Revised) guide = 8'h05;
    if (phase_q == Payload) guide = 8'h00;
    if (phase_q inside {Flagged, High, Low, Close}) guide = byte_i;
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      guided_q  <= 1'b1;
      arrived_q <= 1'b0;
      bytes_q   <= '0;
    end else begin
      if (byte_valid_i != (32'(gap_q) >= ByteCycles - 1) || !pkt_ready_i) guided_q <= 1'b0;
      if (byte_valid_i && (byte_i != guide || byte_err_i)) guided_q <= 1'b0;
      if (byte_valid_i && phase_q == Anything) bytes_q <= bytes_q + 2'(bytes_q != 2);
      if (byte_valid_i && phase_q == Anything && (phase_d == Flagged) != (bytes_q == 2))
        guided_q <= 1'b0;
      if (owed_q && owed_last_q && pkt_valid_o && pkt_ready_i) arrived_q <= 1'b1;
    end
  end
  CGoodBehindBad :
  cover property (@(posedge clk_i) disable iff (!rst_ni) arrived_q && guided_q);

endmodule

bind mctp_serial_rx formal_deframer #(
    .MaxPacket(MaxPacket)
) u_formal (
    .*,
    .state(state_q),
    .left (8'(left_q)),
    .fcs  (u_fcs.fcs_q)
);
