// SPDX-License-Identifier: Apache-2.0
//
// SHA-256 (FIPS 180-4), and whole Winternitz chains of LM-OTS (RFC 8554, LMOTS_SHA256_N32_W4) without
// anybody's help. The caller keeps the message; it is told which of its words moves (`place_o`).
//
// Plain (`chain_i` low): a message that the caller has padded to 64-byte blocks. `last_i` with every
// sixteenth word says whether a block follows; the digest leaves as eight words, H0 first. Timing is
// sha256_core's: one word a cycle, the digest 74 cycles after the last block's first word.
//
// Chain: one step is H(I || q || i || j || tmp), which with its padding is one block:
//     byte 0   16   20   22   23    55      56
//          I   q    i    j    tmp   80h     length in bits (440)
// The caller's block holds the first step. In turn this module asks for word 5, idles if j is 15, else
// asks for words 0 .. 15 and puts the digest over tmp and j + 1 over j; so the block ends with the
// end of the chain. A word is offered only while `word_ready_o` asks for it.
// A step takes 104 cycles: the block's 74, 16 puts instead of 8 digest words, and the way to the next
// block's first word; each cycle in which a word is awaited or a put not taken adds one.
module sha256 #(
    parameter bit Chain = 1'b1  // 0: no chains, chain_i is ignored
) (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic        start_i,         // only while idle_o
    input  logic        chain_i,         // looked at with start_i
    output logic        idle_o,
    output logic [ 3:0] place_o,         // the word that is awaited or put, or (2:0) the digest's
    input  logic [31:0] word_i,
    input  logic        word_valid_i,
    output logic        word_ready_o,
    input  logic        last_i,          // plain: looked at with word 15
    output logic [31:0] digest_o,        // plain
    output logic        digest_valid_o,
    input  logic        digest_ready_i,
    output logic [31:0] put_o,           // chain: to be written into the block
    output logic [ 3:0] put_be_o,        // these bytes of it; 3 is the first one, as in word_i
    output logic        put_valid_o,
    input  logic        put_ready_i
);

  localparam logic [3:0] PlaceOfJ = 4'd5;  // and of the digest's first byte
  localparam logic [3:0] PlaceOfEnd = 4'd13;  // of the digest's last three bytes
  localparam logic [3:0] EndOfChain = 4'd15;  // 2^w - 1

  typedef enum logic [1:0] {
    Plain,
    Look,   // for the core's rest, then at word 5
    Words,
    Put
  } state_e;

  state_e state_q, state_d;
  logic [3:0] place_q, place_d;
  logic [3:0] next_q, next_d;  // the j after this step's
  logic rest_q, rest_d;  // the first byte of this digest word was put, three are left

  logic core_start, core_idle, core_ready, core_digest_valid, core_digest_ready;
  logic core_valid;
  logic moves;

  assign idle_o  = state_q == Plain && core_idle;
  assign place_o = place_q;

  always_comb begin
    state_d           = state_q;
    next_d            = next_q;
    rest_d            = 1'b0;
    core_start        = 1'b0;
    core_valid        = word_valid_i && state_q != Look;
    core_digest_ready = 1'b0;
    word_ready_o      = core_ready;
    digest_valid_o    = 1'b0;
    put_valid_o       = 1'b0;
    moves             = core_valid && core_ready;
    place_d           = place_q;

    unique case (state_q)
      Plain: begin
        core_start        = start_i;
        core_digest_ready = digest_ready_i;
        digest_valid_o    = core_digest_valid;
        moves             = moves || (core_digest_valid && digest_ready_i);
        if (start_i && Chain && chain_i) begin
          core_start = 1'b0;
          state_d    = Look;
        end
      end
      Look: begin
        word_ready_o = core_idle;
        if (word_valid_i && core_idle) begin
          next_d     = word_i[11:8] + 1'b1;
          core_start = word_i[11:8] != EndOfChain;
          state_d    = core_start ? Words : Plain;
        end
      end
      Words:   if (moves && place_q == '1) state_d = Put;
      Put: begin
        put_valid_o       = core_digest_valid;
        core_digest_ready = put_ready_i && rest_q;
        moves             = core_digest_valid && put_ready_i;
        rest_d            = rest_q ^ moves;
        if (core_digest_ready && core_digest_valid && place_q == PlaceOfEnd) state_d = Look;
      end
      default: state_d = Plain;
    endcase

    // Of a digest word's two puts the first one moves on.
    if (moves && !rest_q) place_d = place_q + 1'b1;
    if (idle_o || (state_q == Look && state_d == Words)) place_d = '0;
    if (state_d == Look || (state_q == Words && state_d == Put)) place_d = PlaceOfJ;
  end

  assign put_o    = {digest_o[23:8], rest_q ? digest_o[7:0] : {4'd0, next_q}, digest_o[31:24]};
  assign put_be_o = rest_q ? 4'b1110 : {2'b00, place_q == PlaceOfJ, 1'b1};

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= Plain;
      rest_q  <= 1'b0;
    end else begin
      state_q <= state_d;
      rest_q  <= rest_d;
    end
  end

  always_ff @(posedge clk_i) begin
    place_q <= place_d;
    next_q  <= next_d;
  end

  sha256_core u_core (
      .clk_i,
      .rst_ni,
      .start_i       (core_start),
      .word_i,
      .word_valid_i  (core_valid),
      .word_ready_o  (core_ready),
      .last_i        (last_i || state_q == Words),
      .digest_o,
      .digest_valid_o(core_digest_valid),
      .digest_ready_i(core_digest_ready),
      .idle_o        (core_idle)
  );

`ifndef SYNTHESIS
  AWordAskedFor :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    state_q != Plain && word_valid_i |-> word_ready_o);
  APutStable :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    put_valid_o && !put_ready_i |=> put_valid_o && $stable(
      {place_o, put_valid_o ? put_o : '0, put_be_o}
  ));
`endif

endmodule
