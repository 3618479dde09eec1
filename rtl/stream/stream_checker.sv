// SPDX-License-Identifier: Apache-2.0
//
// Takes the jobs in order and hands on each one whose block may be used: at once when no check is
// asked for, otherwise when the block's SHA-256 equals its table entry. A block from the link that
// does not match is fetched once more into the same buffer; the second mismatch, or the first of a
// block from elsewhere, is a failure; but in a compare job nothing is: the block's byte of EQUAL
// becomes zero if it matches and stays as it is otherwise. Digest jobs hash their groups as they are, those of one order as
// one message, whose digest the one without `more` leaves in the RAM. In a chain job each group is a message of its own,
// which sha256 leaves at its chain's end.
// A checked block of 64 groups takes 65 * 90 + 60 cycles or so: two for each word read. A step of a
// chain takes 122.
module stream_checker
  import sluice_pkg::*;
  import stream_pkg::*;
  import order_map_pkg::*;
#(
    parameter bit Chain = 1'b1  // chain jobs are possible
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

    input  logic stop_i,  // begin nothing more; a block or chain under way is finished
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
    Message,     // or a whole chain
    Padding,
    WaitDigest,  // for the next word of the digest
    ReadTable,   // the order's TABLE
    ReadEntry,   // the word of the table's entry
    Compared,
    Mark,        // the block as equal
    Fetching
  } state_e;

  state_e state_q, state_d;
  logic data_q;  // the RAM answers in this cycle
  logic [GroupW:0] group_q, group_d;
  logic [RamAw-1:0] entry_q;  // RAM address of the table's word
  logic mismatch_q, mismatch_d;
  logic match;  // the block's hash is its table entry
  logic again_q, again_d;  // the block was fetched again already
  logic open_q, open_d;  // the hash waits for more of a message

  logic sha_start, sha_idle;
  logic sha_valid, sha_ready, sha_last;
  logic [31:0] sha_word;
  logic [ 3:0] place;  // of the word in its group or digest
  logic digest_valid, digest_ready;
  logic [31:0] digest;
  logic put_valid, put_ready;
  logic [31:0] put;
  logic [ 3:0] put_be;

  // SHA-256 counts bytes from the other end than the RAM.
  logic [31:0] swapped, put_swapped, digest_swapped;
  logic last_group;

  assign swapped        = {<<8{ram_rdata_i}};
  assign put_swapped    = {<<8{put}};
  assign digest_swapped = {<<8{digest}};
  assign last_group     = group_q == {1'b0, job_i.groups_m1};

  assign match          = state_q == Compared && !mismatch_q;

  // FIPS 180-4 clause 5.1.1: a one bit, zeroes, the length in bits; group_q is the number of groups before.
  always_comb begin
    sha_word = swapped;
    if (state_q == Padding) begin
      sha_word = '0;
      if (place == 4'h0) sha_word = 32'h8000_0000;
      if (place == 4'hf) sha_word = 32'({group_q, 9'b0});
    end
  end

  always_comb begin
    state_d      = state_q;
    group_d      = group_q;
    mismatch_d   = mismatch_q;
    again_d      = again_q;
    open_d       = open_q;
    checked_o    = 1'b0;
    fail_o       = 1'b0;
    sha_start    = 1'b0;
    sha_valid    = 1'b0;
    sha_last     = 1'b0;
    digest_ready = 1'b0;
    put_ready    = 1'b0;
    ram_o        = '0;
    ram_o.be     = '1;
    ram_o.wdata  = digest_swapped;
    ram_o.addr   = entry_q;
    if (state_q == Message) ram_o.addr = RamAw'({job_i.block, group_q[GroupW-1:0], place});
    // entry_q is zero for a digest job
    if (state_q == WaitDigest) ram_o.addr |= RamAw'(DigestWord) | RamAw'(place[2:0]);
    // so it is for a mark
    if (state_q == Mark) begin
      ram_o.addr |= RamAw'(EqualWord) | RamAw'({job_i.slot, job_i.index[BlockW-1:2]});
      ram_o.be    = 4'b0001 << job_i.index[1:0];
      ram_o.wdata = '0;
    end
    if (Chain && job_i.chain) begin
      ram_o.be    = {put_be[0], put_be[1], put_be[2], put_be[3]};
      ram_o.wdata = put_swapped;
    end

    unique case (state_q)
      Idle: begin
        if (stop_i) again_d = 1'b0;
        // The rest of a message that is given up: one group, whose digest is nobody's.
        if (open_q && (stop_i || (job_valid_i && (job_i.finish || !job_i.digest)))) begin
          state_d = Padding;
        end else if (!stop_i && job_valid_i) begin
          if (!job_i.finish && (job_i.check || job_i.digest || (Chain && job_i.chain))) begin
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
        sha_start  = sha_idle;
        if (sha_idle || open_q) state_d = Message;
      end
      Message: begin
        // A word is read only once the hash waits for it: it is there for one cycle.
        ram_o.req = sha_ready && !data_q;
        sha_valid = data_q;
        sha_last  = job_i.digest && last_group && !job_i.more;
        if (Chain && job_i.chain) begin
          ram_o.we  = put_valid;
          ram_o.req = put_valid || (sha_ready && !data_q);
          put_ready = ram_gnt_i;
          if (sha_idle) begin
            group_d = group_q + 1'b1;
            state_d = last_group || stop_i ? Compared : Start;
          end
        end else if (sha_valid && place == '1) begin
          group_d = group_q + 1'b1;
          if (last_group) begin
            open_d  = job_i.digest && job_i.more;
            state_d = open_d ? Compared : job_i.digest ? WaitDigest : Padding;
          end
        end
      end
      Padding: begin
        sha_valid = 1'b1;
        sha_last  = place == '1;
        if (sha_ready && sha_last) state_d = WaitDigest;
      end
      WaitDigest: begin
        if (open_q) begin
          digest_ready = 1'b1;
          if (digest_valid && place[2:0] == '1) begin
            open_d  = 1'b0;
            state_d = Idle;
          end
        end else if (job_i.digest) begin
          ram_o.req    = digest_valid;
          ram_o.we     = 1'b1;
          digest_ready = ram_gnt_i;
          if (ram_gnt_i && place[2:0] == '1) state_d = Compared;
        end else if (digest_valid) begin
          state_d = ReadTable;
        end
      end
      ReadTable: begin
        if (word_ack_i) state_d = ReadEntry;
      end
      ReadEntry: begin
        ram_o.req = !data_q;
        if (data_q) begin
          digest_ready = 1'b1;
          if (digest != swapped) mismatch_d = 1'b1;
          state_d = place[2:0] == '1 ? Compared : WaitDigest;
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
        ram_o.req = 1'b1;
        ram_o.we  = 1'b1;
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
    group_q    <= state_q == Idle || state_q == Fetching ? '0 : group_d;
    mismatch_q <= mismatch_d;
    if (state_q == Start || state_q == Compared) begin
      entry_q <= '0;
    end else if (word_ack_i) begin
      entry_q <= ram_rdata_i[2+:RamAw] + RamAw'({job_i.index, place[2:0]});
    end
  end

  sha256 #(
      .Chain(Chain)
  ) u_sha256 (
      .clk_i,
      .rst_ni,
      .start_i       (sha_start),
      .chain_i       (job_i.chain),
      .idle_o        (sha_idle),
      .place_o       (place),
      .word_i        (sha_word),
      .word_valid_i  (sha_valid),
      .word_ready_o  (sha_ready),
      .last_i        (sha_last),
      .digest_o      (digest),
      .digest_valid_o(digest_valid),
      .digest_ready_i(digest_ready),
      .put_o         (put),
      .put_be_o      (put_be),
      .put_valid_o   (put_valid),
      .put_ready_i   (put_ready)
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
  assert property (@(posedge clk_i) disable iff (!rst_ni) state_q == ReadEntry |-> digest_valid);
`endif

endmodule
