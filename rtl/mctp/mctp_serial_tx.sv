// SPDX-License-Identifier: Apache-2.0
//
// Frames MCTP packets for a serial line (DSP0253). After reset it first sends what brings a wedged
// Linux receiver back: 80 times 00, then 7e 00 00 00 7e 01 00 00 00 7e. Flags are never shared
// between frames.
module mctp_serial_tx
  import sluice_pkg::*;
(
    input logic clk_i,
    input logic rst_ni,
    input logic [7:0] len_i,  // bytes of the packet offered, stable until its first byte is taken
    input pkt_byte_t pkt_i,  // `err` must be 0: a packet to send is whole
    input logic pkt_valid_i,
    output logic pkt_ready_o,
    output logic idle_o,  // nothing offered and nothing handed over that was not taken
    output logic [7:0] byte_o,
    output logic byte_valid_o,
    input logic byte_ready_i
);

  localparam logic [7:0] Flag = 8'h7e;
  localparam logic [7:0] Escape = 8'h7d;
  localparam logic [7:0] Revision = 8'h01;

  // What is sent next, or just was while `shifting`. The first bit is set where the FCS covers the
  // byte.
  typedef enum logic [2:0] {
    OpeningFlag = 3'b000,
    RevisionByte = 3'b001,
    HighFcs = 3'b010,
    LowFcs = 3'b011,
    Length = 3'b100,
    Data = 3'b101,
    Escaped = 3'b110,
    ClosingFlag = 3'b111
  } state_e;

  // Zero bytes of the wake-up sequence still to come; they are sent as low FCS bytes. The flags
  // come after the 80th (6 left) and the 83rd (3 left, with a revision byte).
  localparam logic [6:0] WakeZeros = 7'd86;

  state_e state_q, state_d;
  logic [6:0] zeros_q, zeros_d;
  logic [3:0] step_q, step_d;
  logic [7:0] fcs, plain;
  logic start, shifting, done, special, covered;

  assign special = pkt_i.data == Flag || pkt_i.data == Escape;
  assign plain = state_q == Length ? len_i : pkt_i.data;
  assign covered = state_q[2];

  // A byte is handed over, then eight cycles follow in which the FCS takes or turns eight bits. A
  // line byte takes longer.
  assign shifting = step_q[3];
  assign start = byte_valid_o && byte_ready_i;
  assign done = step_q == 4'd15;

  always_comb begin
    byte_valid_o = !shifting;
    unique case (state_q)
      OpeningFlag: begin
        byte_o = Flag;
        if (!pkt_valid_i && zeros_q == '0) byte_valid_o = 1'b0;
      end
      RevisionByte: byte_o = Revision;
      Length: byte_o = len_i;
      Data: begin
        byte_o = special ? Escape : pkt_i.data;
        if (!pkt_valid_i) byte_valid_o = 1'b0;
      end
      Escaped: byte_o = pkt_i.data ^ 8'h20;
      HighFcs, LowFcs: byte_o = fcs;
      ClosingFlag: byte_o = Flag;
      default: byte_o = Flag;
    endcase
  end

  always_comb begin
    state_d = state_q;
    zeros_d = zeros_q;
    pkt_ready_o = 1'b0;
    unique case (state_q)
      OpeningFlag: state_d = zeros_q[2] ? LowFcs : RevisionByte;
      RevisionByte: state_d = zeros_q[1] ? LowFcs : Length;
      Length: state_d = Data;
      Data, Escaped: begin
        if (state_q == Data && special) state_d = Escaped;
        else begin
          pkt_ready_o = done;
          state_d = pkt_i.last ? HighFcs : Data;
        end
      end
      HighFcs: state_d = LowFcs;
      LowFcs: begin
        if (zeros_q[6:3] == '0) begin
          if (zeros_q[2:0] == 3'd7 || zeros_q[2:0] == 3'd4) state_d = OpeningFlag;
          if (zeros_q[2:1] == '0) state_d = ClosingFlag;
        end
        if (zeros_q != '0) zeros_d = zeros_q - 7'd1;
      end
      ClosingFlag: state_d = OpeningFlag;
      default: state_d = OpeningFlag;
    endcase
    step_d = step_q + 4'd1;
    if (start) step_d = 4'd8;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= LowFcs;
      zeros_q <= WakeZeros;
      step_q  <= '0;
    end else begin
      if (done) begin
        state_q <= state_d;
        zeros_q <= zeros_d;
      end
      if (start || shifting) step_q <= step_d;
    end
  end

  assign idle_o = state_q == OpeningFlag && !pkt_valid_i && zeros_q == '0;

  mctp_fcs u_fcs (
      .clk_i,
      .rst_ni,
      .init_i  (state_q == Length && !shifting),
      .shift_i (shifting && !(state_q == Data && special)),
      .rotate_i(!covered),
      .data_i  (plain[step_q[2:0]]),
      .high_o  (fcs)
  );

`ifndef SYNTHESIS
  assert property (@(posedge clk_i) disable iff (!rst_ni)
                   pkt_valid_i && !pkt_ready_o |=> pkt_valid_i && $stable(
      pkt_i
  ));
  assert property (@(posedge clk_i) disable iff (!rst_ni)
                   byte_valid_o && !byte_ready_i |=> byte_valid_o && $stable(
      byte_o
  ));
  assert property (@(posedge clk_i) disable iff (!rst_ni) pkt_valid_i |-> !pkt_i.err);
  assert property (@(posedge clk_i) disable iff (!rst_ni)
                   byte_valid_o && state_q == Length |-> pkt_valid_i && len_i >= 8'd5);
`endif

endmodule
