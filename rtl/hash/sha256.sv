// SPDX-License-Identifier: Apache-2.0
//
// SHA-256 (FIPS 180-4) of messages that the caller has padded to 64-byte blocks. After `start_i`
// the sixteen words of each block are taken, big-endian; `last_i` with the sixteenth says that no
// block follows, and the digest leaves as eight words, H0 first.
//
// Speed: one round a cycle. Words are taken from 10 cycles after `start_i`, one a cycle; the next
// block's first word 72 cycles after this one's, the digest 74 cycles after the last block's first
// word; each cycle in which a word is awaited adds one. Idle 5 cycles after the last digest word.
//
// Theory of operation. One counter walks through the words of sha256_table; each "item" passes
// three stages, one a step:
//   read   `count_q` addresses the item in the table
//   add    item (+ message schedule word W[t] for a K) + g, which is h of the next round
//   ring   a round on a..g and that sum; for an initial or chaining word a mere shift, by which
//          eight items replace h..a with the new chaining value (and store it in the table)
//     count        item                           count         item
//     0 .. 63      K, rounds (0 .. 15: waits      72, 73        none: the table is being written
//                  for a message word)            74 .. 81      digest word out
//     64 .. 71     H7 .. H0, added to h .. a      82 .. 87      none; 87: idle, waits for start_i
//                                                 88 .. 95      initial H7 .. H0, replace h .. a
// The schedule W[t] = s1(W[t-2]) + W[t-7] + s0(W[t-15]) + W[t-16] lives in two copies of a small
// memory. Its sum is spread over three registered additions so that W[t-15] for one t and W[t-16]
// for the next but one are the same read.
module sha256 (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic        start_i,         // a new message; only while idle_o
    input  logic [31:0] word_i,
    input  logic        word_valid_i,
    output logic        word_ready_o,
    input  logic        last_i,          // looked at with every sixteenth word
    output logic [31:0] digest_o,
    output logic        digest_valid_o,
    input  logic        digest_ready_i,
    output logic        idle_o
);

  localparam logic [6:0] Idle = 7'd87;

  function automatic logic [31:0] rotr(logic [31:0] x, int unsigned n);
    return (x >> n) | (x << (32 - n));
  endfunction

  // ---- sequence -------------------------------------------------------------------------------
  logic [6:0] count_q, count_d;
  logic last_q;
  logic step;  // every item moves on
  logic [2:0] at_rest_q;  // idle for one, two, three cycles and more
  logic count_en;
  logic block_end;  // the item being read is the last one before a block
  logic [4:0] two_ago;  // low bits of the count of the item in the ring stage
  logic reads_digest;
  logic [6:0] table_addr;

  // What the item in the add stage is; none of them: nothing.
  logic is_word_q, is_schedule_q, is_initial_q, is_chaining_q, is_digest_q;
  // What the item in the ring stage is.
  logic ring_round_q, ring_store_q;

  assign step = !(is_word_q && !word_valid_i) && !(is_digest_q && !digest_ready_i) &&
      (!at_rest_q[2] || start_i);
  assign idle_o = count_q == Idle;
  assign word_ready_o = is_word_q;
  assign digest_valid_o = is_digest_q;

  assign two_ago = count_q[4:0] - 5'd2;
  assign reads_digest = count_q[6] && two_ago[4:3] == 2'b01;

  // The pipeline is drained some cycles after the last item; then nothing moves until the next start.
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) at_rest_q <= '0;
    else at_rest_q <= idle_o ? {at_rest_q[1:0], 1'b1} : '0;
  end

  always_comb begin
    count_en = step && (!idle_o || start_i);
    block_end = count_q[6] && (count_q[4:3] == 2'b11 || (count_q[4:3] == 2'b00 && !last_q)) &&
        count_q[2:0] == 3'b111;
    count_d = block_end ? '0 : count_q + 7'd1;

    table_addr = count_q;
    if (count_q[6]) begin
      table_addr[4:3] = {2{count_q[4] && count_q[3]}};
      if (count_q[4] != count_q[3]) table_addr[2:0] = ~two_ago[2:0];  // digest: H0 first
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      count_q       <= Idle;
      is_word_q     <= 1'b0;
      is_schedule_q <= 1'b0;
      is_initial_q  <= 1'b0;
      is_chaining_q <= 1'b0;
      is_digest_q   <= 1'b0;
      ring_round_q  <= 1'b0;
      ring_store_q  <= 1'b0;
    end else begin
      if (count_en) count_q <= count_d;
      if (step) begin
        is_word_q     <= count_q[6:4] == 3'b000;
        is_schedule_q <= !count_q[6] && count_q[5:4] != 2'b00;
        is_initial_q  <= count_q[6] && count_q[4:3] == 2'b11;
        is_chaining_q <= count_q[6] && count_q[4:3] == 2'b00;
        is_digest_q   <= reads_digest;
        ring_round_q  <= is_word_q || is_schedule_q;
        ring_store_q  <= is_initial_q || is_chaining_q;
      end
    end
  end

  // ---- message schedule -------------------------------------------------------------------------
  logic [31:0] w;  // W[t] of the item in the add stage, 0 unless that is a K
  logic [31:0] w_q, w_s1_q, w_part_q, w_rest_q;
  logic [31:0] tap_a;  // W[t-13]
  logic [31:0] tap_b;  // W[t-4]
  logic [31:0] w_s0;

  always_comb begin
    w = '0;
    if (is_word_q) w = word_i;
    if (is_schedule_q) w = w_q;
  end

  assign w_s0 = rotr(tap_a, 7) ^ rotr(tap_a, 18) ^ (tap_a >> 3);

  always_ff @(posedge clk_i) begin
    if (step) begin
      if (is_word_q) last_q <= last_i;
      w_s1_q <= rotr(w, 17) ^ rotr(w, 19) ^ (w >> 10);
    end
  end

  prim_adder u_w_part (
      .clk_i,
      .en_i  (step),
      .load_i(1'b0),
      .a_i   (tap_a),
      .b_i   (tap_b),
      .sum_o (w_part_q)
  );
  prim_adder u_w_rest (
      .clk_i,
      .en_i  (step),
      .load_i(1'b0),
      .a_i   (w_part_q),
      .b_i   (w_s0),
      .sum_o (w_rest_q)
  );
  prim_adder u_w (
      .clk_i,
      .en_i  (step),
      .load_i(1'b0),
      .a_i   (w_rest_q),
      .b_i   (w_s1_q),
      .sum_o (w_q)
  );

  prim_ram_2p #(
      .Words(16),
      .Width(32)
  ) u_schedule_a (
      .clk_i,
      .we_i   (step),
      .waddr_i(count_q[3:0]),
      .wdata_i(w),
      .re_i   (step),
      .raddr_i(count_q[3:0] + 4'd4),
      .rdata_o(tap_a)
  );

  prim_ram_2p #(
      .Words(16),
      .Width(32)
  ) u_schedule_b (
      .clk_i,
      .we_i   (step),
      .waddr_i(count_q[3:0]),
      .wdata_i(w),
      .re_i   (step),
      .raddr_i(count_q[3:0] - 4'd3),
      .rdata_o(tap_b)
  );

  // ---- rounds -------------------------------------------------------------------------------------
  // The gates below stand behind a sum, where they fit into the adder's own cell, and keep synthesis
  // from turning chains of sums into carry-save trees, which are larger.
  logic [31:0] a_q, b_q, c_q, e_q, f_q, g_q, hkw_q;
  logic [31:0] kw, s1_ch, s0_maj, t1;

  always_comb begin
    kw = digest_o + w;
    s1_ch = (rotr(e_q, 6) ^ rotr(e_q, 11) ^ rotr(e_q, 25)) + ((e_q & f_q) ^ (~e_q & g_q));
    s0_maj = (rotr(a_q, 2) ^ rotr(a_q, 13) ^ rotr(a_q, 22)) +
        ((a_q & b_q) ^ (a_q & c_q) ^ (b_q & c_q));
    if (!ring_round_q) begin
      s1_ch  = '0;
      s0_maj = '0;
    end
    t1 = hkw_q + s1_ch;
  end

  always_ff @(posedge clk_i) begin
    if (step) begin
      a_q <= t1 + s0_maj;
      b_q <= a_q;
      c_q <= b_q;
      f_q <= e_q;
      g_q <= f_q;
    end
  end

  // d, which nobody else needs, is in the adder.
  prim_adder #(
      .HoldA(1'b1)
  ) u_e (
      .clk_i,
      .en_i  (step),
      .load_i(!ring_round_q),
      .a_i   (c_q),
      .b_i   (t1),
      .sum_o (e_q)
  );
  prim_adder u_hkw (
      .clk_i,
      .en_i  (step),
      .load_i(is_initial_q),
      .a_i   (kw),
      .b_i   (g_q),
      .sum_o (hkw_q)
  );

  sha256_table u_table (
      .clk_i,
      .re_i   (step),
      .addr_i (table_addr),
      .data_o (digest_o),
      .we_i   (ring_store_q),
      .waddr_i(two_ago[2:0]),
      .wdata_i(hkw_q)
  );

`ifndef SYNTHESIS
  AStartWhileIdle :
  assert property (@(posedge clk_i) disable iff (!rst_ni) start_i |-> idle_o);
  AWordStable :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    word_valid_i && !word_ready_o |=> word_valid_i && $stable(
      word_i
  ));
  ALastStable :
  assert property (@(posedge clk_i) disable iff (!rst_ni) word_valid_i && !word_ready_o |=> $stable(
      last_i
  ));
  ADigestStable :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    digest_valid_o && !digest_ready_i |=> digest_valid_o && $stable(
      digest_valid_o ? digest_o : '0
  ));
`endif

endmodule
