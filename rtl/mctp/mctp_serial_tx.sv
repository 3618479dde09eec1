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

  // What is sent next, or just was while shifting_q: one bit a kind of byte, and `second` for the
  // closing flag, the low FCS byte and the escaped data byte. One-hot, because the bits choose
  // among the sources of byte_o.
  typedef struct packed {
    logic flag;
    logic revision;
    logic length;
    logic data;
    logic fcs;
    logic second;
  } state_t;

  // Zero bytes of the wake-up sequence still to come; they are sent as low FCS bytes. A flag comes
  // after the 80th (6 left) and after the 83rd (3 left, and a revision byte follows).
  localparam logic [6:0] WakeZeros = 7'd86;

  state_t state_q, state_d;
  logic [6:0] zeros_q, zeros_d;
  logic [2:0] step_q, step_d;
  logic shifting_q, shifting_d;
  logic [7:0] fcs;
  logic start, done, special, escape, opening, byte_end, few_zeros, wake_flag, fcs_end, fcs_bit;

  assign special = pkt_i.data == Flag || pkt_i.data == Escape;
  assign escape  = state_q.data && !state_q.second && special;
  assign opening = state_q.flag && !state_q.second;

  // ---- bytes to the line ----------------------------------------------------------------------
  always_comb begin
    byte_o = ({8{state_q.data}} & pkt_i.data) | ({8{state_q.length}} & len_i) |
        ({8{state_q.fcs}} & fcs) | ({8{state_q.flag}} & Flag);
    if (state_q.revision) byte_o[0] = Revision[0];
    // 7d and 7e differ in their last two bits only.
    if (escape) byte_o[1:0] = Escape[1:0];
    if (state_q.data && state_q.second) byte_o[5] = 1'b0;
    byte_valid_o = !shifting_q;
    if ((opening && !zeros_q[1]) || state_q.data) byte_valid_o = !shifting_q && pkt_valid_i;
  end

  // A byte is handed over, then eight cycles follow in which the FCS takes or turns eight bits. A
  // byte takes longer on the line.
  always_comb begin
    start = byte_valid_o && byte_ready_i;
    done = shifting_q && step_q == '1;
    shifting_d = start || (shifting_q && !done);
    // Written out, because small adders become carry chains.
    step_d = {step_q[2] ^ (step_q[1] && step_q[0]), step_q[1] ^ step_q[0], !step_q[0]};
  end

  // ---- order of the bytes ---------------------------------------------------------------------
  assign byte_end = state_q.data && !escape;
  assign few_zeros = zeros_q[6:3] == '0;
  assign wake_flag = few_zeros && (zeros_q[2:0] == 3'd7 || zeros_q[2:0] == 3'd4);
  assign fcs_end = state_q.fcs && state_q.second && few_zeros && (zeros_q[2:1] == '0 || wake_flag);
  always_comb begin
    state_d.flag = (state_q.flag && state_q.second) || fcs_end;
    state_d.revision = opening && !zeros_q[2];
    state_d.length = state_q.revision && !zeros_q[1];
    state_d.data = state_q.length || escape || (byte_end && !pkt_i.last);
    state_d.fcs = (byte_end && pkt_i.last) || (state_q.fcs && !fcs_end) ||
        (opening && zeros_q[2]) || (state_q.revision && zeros_q[1]);
    state_d.second = escape || (state_q.fcs && !(state_q.second && wake_flag)) ||
        (opening && zeros_q[2]) || (state_q.revision && zeros_q[1]);
    zeros_d = zeros_q - 7'd1;
    pkt_ready_o = done && byte_end;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= '{fcs: 1'b1, second: 1'b1, default: 1'b0};
      zeros_q <= WakeZeros;
      step_q <= '0;
      shifting_q <= 1'b0;
    end else begin
      if (done) state_q <= state_d;
      if (done && state_q.fcs && state_q.second && zeros_q != '0) zeros_q <= zeros_d;
      if (shifting_q) step_q <= step_d;
      shifting_q <= shifting_d;
    end
  end

  assign idle_o  = opening && !pkt_valid_i && !zeros_q[1];

  // The FCS is over what the byte was before it was escaped.
  assign fcs_bit = byte_o[step_q] || (state_q.data && state_q.second && step_q == 3'd5);
  mctp_fcs u_fcs (
      .clk_i,
      .rst_ni,
      .init_i  (state_q.length && !shifting_q),
      .shift_i (shifting_q && !escape),
      .rotate_i(!(state_q.length || state_q.data)),
      .data_i  (fcs_bit),
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
                   byte_valid_o && state_q.length |-> pkt_valid_i && len_i >= 8'd5);
`endif

endmodule
