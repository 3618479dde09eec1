// SPDX-License-Identifier: Apache-2.0
//
// Takes the jobs in order and hands on each one whose block may be used: at once when no check is
// asked for, otherwise when the block's SHA-256 equals its table entry. A block from the link that
// does not match is fetched once more into the same buffer; the second mismatch, or the first of a
// block from elsewhere, is a failure; but in a compare job nothing is: the block's byte of EQUAL
// becomes zero if it matches and stays as it is otherwise. Digest jobs hash their groups as they are, those of one order as
// one message, whose digest the one without `more` puts where the order's TABLE says. A chain job walks chain `index` of
// an LM-OTS signature (RFC 8554, LMOTS_SHA256_N32_W4): the value that TABLE has for it goes into the message of all ends
// and is hashed there until the chain's end, from the step that NUMBERS says. A tree job is level `index` of the way to the
// root: the hash of the path that TABLE has for it is put beside that of the node below, both are hashed, and the digest
// is put where the next level or, at last, the processor looks for it: on the side that its node's number says.
// A checked block of 64 groups takes 65 * 90 + 60 cycles or so: two for each word read. A step of a
// chain takes 122, its begin 59.
module stream_checker
  import sluice_pkg::*;
  import stream_pkg::*;
  import order_map_pkg::*;
#(
    parameter bit Chain = 1'b1  // chain jobs and messages of LMS are possible
) (
    input logic clk_i,
    input logic rst_ni,

    // job queue: job_i is valid two cycles after checked_o
    input  logic job_valid_i,
    input  job_t job_i,
    output logic checked_o,

    // the requester fetches job_i again
    output logic again_o,      // until again_done_i
    input  logic again_done_i,

    input  logic stop_i,  // begin nothing more; a block or step under way is finished
    output logic idle_o,
    output logic fail_o,  // pulse: the block does not match

    // words of orders
    output logic                  word_req_o,
    output logic                  word_slot_o,
    output logic [OrderWordW-1:0] word_o,
    input  logic                  word_ack_i,

    output ram_req_t        ram_o,
    input  logic            ram_gnt_i,
    input  logic     [31:0] ram_rdata_i
);

  typedef enum logic [3:0] {
    Idle,
    Settle,      // the next job is on its way from the queue's memory
    Start,
    Message,
    Padding,
    WaitDigest,  // for the next word of the digest
    ReadTable,   // the order's TABLE
    ReadEntry,   // the word of the table's entry
    Compared,
    Mark,        // the block as equal
    Fetching,
    Digit,       // read a chain's first step; of a tree it is of no use
    Step,        // is it the end?
    Put          // a word of a digest, or of a signature's value
  } state_e;

  localparam logic [3:0] PlaceOfNumber = 4'd4;  // in a message of LMS
  localparam logic [3:0] PlaceOfHole = 4'd5;  // in the first group of a message of LMS
  localparam logic [3:0] PlaceOfValue = 4'd5;  // with the hole before it: value 0 is at word 6
  localparam logic [3:0] EndOfChain = 4'd15;  // 2^w - 1

  state_e state_q, state_d;
  logic reads;
  logic data_q;  // the RAM answers in this cycle
  logic [GroupW:0] group_q, group_d;
  logic [RamAw-1:0] entry_q;  // RAM address of the table's word
  logic mismatch_q, mismatch_d;
  logic match;  // the block's hash is its table entry
  logic again_q, again_d;  // the block was fetched again already
  logic open_q, open_d;  // the hash waits for more of a message
  logic lms;  // the message has a hole
  logic copies;  // the job begins with a value of the signature
  logic walks;  // it is a chain
  logic climbs;  // it is of the tree
  logic number;  // the word of the message is its number, which is elsewhere
  logic side_q;  // the last LMS message was that of a right node
  logic past_q, past_d, hole;  // see stream_message
  logic [3:0] j_q, j_d;

  logic sha_start, sha_idle;
  logic sha_valid, sha_ready, sha_last;
  logic [31:0] sha_word;
  logic [3:0] place_q, place_d;  // of the word in its group, value or digest
  logic moves;  // to the next one
  logic digest_valid, digest_ready;
  logic [31:0] digest;

  // SHA-256 counts bytes from the other end than the RAM.
  logic [31:0] swapped, word, kept, put;
  logic [9:0] at;
  logic last_group;
  logic last_put;
  logic [3:0] number_at;  // word in NUMBERS

  assign swapped    = {<<8{ram_rdata_i}};
  assign last_group = group_q == {1'b0, job_i.groups_m1};
  assign lms        = Chain && job_i.chain;
  assign copies     = lms && !job_i.digest;
  assign walks      = copies && !job_i.tree;
  assign climbs     = copies && job_i.tree;
  assign hole       = lms && !past_q && place_q == PlaceOfHole;
  assign number     = climbs && !past_q && place_q == PlaceOfNumber;
  assign number_at  = climbs ? job_i.index[3:0] : job_i.index[BlockW-1:3];
  assign last_put   = copies ? place_q == PlaceOfValue + 4'd7 : place_q[2:0] == '1;

  assign match      = state_q == Compared && !mismatch_q;

  stream_message u_message (
      .clk_i,
      .step_i   (walks),
      .chain_i  (job_i.index),
      .j_i      (j_q),
      .group_i  (group_q[GroupW-1:0]),
      .place_i  (place_q),
      .past_i   (past_q),
      .hole_i   (hole),
      .message_i(state_q == Message),
      .entry_i  (state_q == ReadTable && !job_i.digest),
      .second_i (climbs && state_q == Put && side_q != sha_idle),
      .at_o     (at),
      .read_i   (data_q),
      .data_i   (swapped),
      .word_o   (word),
      .kept_o   (kept)
  );

  // FIPS 180-4 clause 5.1.1: a one bit, zeroes, the length in bits; group_q is the number of groups before.
  always_comb begin
    sha_word = word;
    if (state_q == Padding) begin
      sha_word = '0;
      if (place_q == 4'h0) sha_word = 32'h8000_0000;
      if (place_q == 4'hf) sha_word = 32'({group_q, 9'b0});
    end
  end

  // While the hash is idle it is a value that is put, not a digest.
  assign put = copies && sha_idle ? kept : digest;

  always_comb begin
    ram_o       = '0;
    ram_o.req   = state_q == Mark || state_q == Put || (reads && !data_q);
    ram_o.we    = state_q == Mark || state_q == Put;
    ram_o.be    = '1;
    ram_o.wdata = {<<8{put}};
    ram_o.addr  = entry_q;
    if ((state_q == Message && !number) || (state_q == Put && copies)) begin
      ram_o.addr = RamAw'({job_i.block, at});
    end
    // entry_q is zero for these
    if (Chain && (state_q == Digit || (state_q == Message && number))) begin
      ram_o.addr |= RamAw'(NumbersWord) | RamAw'(number_at);
    end
    if (state_q == Mark) begin
      ram_o.addr |= RamAw'(EqualWord) | RamAw'({job_i.slot, job_i.index[BlockW-1:2]});
      ram_o.be    = 4'b0001 << job_i.index[1:0];
      ram_o.wdata = '0;
    end
  end

  always_comb begin
    state_d      = state_q;
    group_d      = group_q;
    mismatch_d   = mismatch_q;
    again_d      = again_q;
    open_d       = open_q;
    past_d       = past_q;
    j_d          = j_q;
    checked_o    = 1'b0;
    fail_o       = 1'b0;
    sha_start    = 1'b0;
    sha_valid    = 1'b0;
    sha_last     = walks || ((climbs || (job_i.digest && !job_i.more)) && last_group);
    digest_ready = 1'b0;
    reads        = 1'b0;
    moves        = 1'b0;
    place_d      = place_q + 4'd1;

    unique case (state_q)
      Idle: begin
        if (stop_i) again_d = 1'b0;
        // The rest of a message that is given up: one group, whose digest is nobody's.
        if (open_q && (stop_i || (job_valid_i && (job_i.finish || !job_i.digest)))) begin
          state_d = Padding;
        end else if (!stop_i && job_valid_i) begin
          if (!job_i.finish && (job_i.check || job_i.digest || lms)) begin
            state_d = Start;
          end else begin
            checked_o = 1'b1;
            state_d   = Settle;
          end
        end
      end
      Settle:  state_d = Idle;
      Start: begin
        mismatch_d = 1'b0;
        sha_start  = sha_idle && !copies;
        if (sha_idle) past_d = 1'b0;
        if (sha_idle || open_q) state_d = copies ? Digit : Message;
      end
      Digit: begin
        reads  = 1'b1;
        j_d    = swapped[{~job_i.index[2:0], 2'b0}+:4];
        past_d = 1'b1;
        if (data_q) state_d = ReadTable;
      end
      Step: begin
        past_d    = 1'b0;
        sha_start = sha_idle;
        if (sha_start) state_d = Message;
        if ((walks && j_q == EndOfChain) || stop_i) begin
          sha_start = 1'b0;
          state_d   = Compared;
        end
      end
      Message: begin
        // A word is read only once the hash waits for it: it is there for one cycle.
        reads     = sha_ready;
        sha_valid = data_q && !hole;
        moves     = sha_valid;
        if (data_q && hole) past_d = 1'b1;
        if (sha_valid && place_q == '1) begin
          if (!walks) group_d = group_q + 1'b1;
          if (walks) begin
            state_d = WaitDigest;
          end else if (last_group) begin
            past_d  = climbs;
            open_d  = job_i.digest && job_i.more;
            state_d = open_d ? Compared : climbs || job_i.digest ? WaitDigest : Padding;
          end
        end
      end
      Padding: begin
        sha_valid = 1'b1;
        sha_last  = place_q == '1;
        moves     = sha_ready;
        if (sha_ready && sha_last) state_d = WaitDigest;
      end
      WaitDigest: begin
        digest_ready = open_q;
        moves        = open_q && digest_valid;
        if (open_q) begin
          if (digest_valid && place_q[2:0] == '1) begin
            open_d  = 1'b0;
            state_d = Idle;
          end
        end else if (digest_valid) begin
          state_d = copies ? Put : ReadTable;
        end
      end
      ReadTable: begin
        if (word_ack_i) state_d = job_i.digest ? Put : ReadEntry;
      end
      ReadEntry: begin
        reads        = 1'b1;
        digest_ready = data_q && !copies;
        moves        = digest_ready;
        if (data_q && copies) begin
          state_d = Put;
        end else if (data_q) begin
          if (digest != swapped) mismatch_d = 1'b1;
          state_d = place_q[2:0] == '1 ? Compared : WaitDigest;
        end
      end
      Put: begin
        digest_ready = ram_gnt_i && !sha_idle;
        moves        = ram_gnt_i;
        if (ram_gnt_i) begin
          if (sha_idle) state_d = ReadTable;
          else state_d = WaitDigest;
          if (last_put) begin
            state_d = walks || (climbs && sha_idle) ? Step : Compared;
            if (!sha_idle) j_d = j_q + 1'b1;
          end
        end
      end
      Compared: begin
        state_d = Settle;
        again_d = 1'b0;
        if (match && job_i.compare) begin
          state_d = Mark;
        end else if (match || job_i.compare) begin
          checked_o = !stop_i;
        end else if (job_i.link && !again_q) begin
          again_d = 1'b1;
          state_d = Fetching;
        end else begin
          fail_o = 1'b1;
        end
      end
      Mark: begin
        if (ram_gnt_i) begin
          checked_o = !stop_i;
          state_d   = Settle;
        end
      end
      Fetching: begin
        if (stop_i) state_d = Idle;
        else if (again_done_i) state_d = Start;
      end
      default: state_d = Idle;
    endcase

    if (!moves) place_d = place_q;
    if (state_q == Idle || state_q == Start || state_q == Step) place_d = '0;
    if (copies && (state_q == Digit || state_d == WaitDigest && state_q == Message)) begin
      place_d = PlaceOfValue;
    end
  end

  assign word_req_o  = state_q == ReadTable;
  assign word_slot_o = job_i.slot;
  assign word_o      = OrderWordW'(TableWord);
  assign again_o     = state_q == Fetching;
  assign idle_o      = state_q == Idle && !open_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= Idle;
      data_q  <= 1'b0;
      again_q <= 1'b0;
      open_q  <= 1'b0;
    end else begin
      state_q <= state_d;
      data_q  <= ram_gnt_i && !ram_o.we;
      again_q <= again_d;
      open_q  <= open_d;
    end
  end

  always_ff @(posedge clk_i) begin
    group_q <= state_q == Idle || state_q == Fetching ? '0 : group_d;
    place_q <= place_d;
    past_q  <= Chain && past_d;
    if (Chain && (state_q != Digit || data_q)) j_q <= j_d;
    if (Chain && state_q == Message && data_q && lms && !past_q && place_q == PlaceOfNumber) begin
      side_q <= swapped[0];
    end
    mismatch_q <= mismatch_d;
    if (state_q == Start || state_q == Step || state_q == Compared) begin
      entry_q <= '0;
    end else if (word_ack_i) begin
      entry_q <= ram_rdata_i[2+:RamAw] + RamAw'(at);
    end
  end

  sha256 u_sha256 (
      .clk_i,
      .rst_ni,
      .start_i       (sha_start),
      .word_i        (sha_word),
      .word_valid_i  (sha_valid),
      .word_ready_o  (sha_ready),
      .last_i        (sha_last),
      .digest_o      (digest),
      .digest_valid_o(digest_valid),
      .digest_ready_i(digest_ready),
      .idle_o        (sha_idle)
  );

  // Of no concern here.
  logic unused;
  assign unused = ^{job_i.sink, job_i.erase};

`ifndef SYNTHESIS
  // What Message relies on: the hash goes on waiting for its word until it gets it.
  AHashWaits :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    state_q == Message && data_q |-> sha_ready);
  ADigestWaits :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    state_q == ReadEntry && !copies |-> digest_valid);
`endif

endmodule
