// SPDX-License-Identifier: Apache-2.0
//
// What stream_checker promises of a job with a check: it is handed on only when each word of its block went into the
// hash in turn, and each of the digest's eight words equalled its word of the table entry. A job with compare is handed on
// after that whether they did or not; if and only if they did its byte of EQUAL is zero then, and nothing else is written.
// A chain writes nothing but its own end in the order's block, a level of a tree nothing but the two values there, a digest
// nothing but the eight words at the order's TABLE.
// What the hash itself computes is the matter of other tests.
module formal_checker
  import sluice_pkg::*;
  import stream_pkg::*;
  import order_map_pkg::*;
#(
    parameter bit Chain = 1'b1
) (
    input logic clk_i,
    input logic rst_ni,
    input logic job_valid_i,
    input job_t job_i,
    input logic checked_o,
    input logic fail_o,
    input logic again_o,
    input logic word_ack_i,
    input logic word_req_o,
    input ram_req_t ram_o,
    input logic ram_gnt_i,
    input logic [31:0] ram_rdata_i,
    input logic [3:0] state,  // Idle, Settle, Start, Message, Padding, WaitDigest, ReadTable,
                              // ReadEntry, Compared, Mark, Fetching, Digit, Step, Put
    input logic data_q,
    input logic mismatch_q,
    input logic [GroupW:0] group_q,
    input logic open_q,
    input logic [RamAw-1:0] entry_q,
    input logic sha_start,  // the hash's ports
    input logic sha_valid,
    input logic sha_ready,
    input logic sha_last,
    input logic [31:0] sha_word,
    input logic [3:0] place_q,
    input logic past_q,
    input logic sha_idle,
    input logic [31:0] digest,
    input logic digest_ready
);

  logic started_q = 1'b0;
  always_ff @(posedge clk_i) started_q <= 1'b1;
  always_comb assume (started_q || !rst_ni);

  // ---- what is around it -----------------------------------------------------------------------------
  // The rest of a message that is given up is hashed whatever the job is, or none.
  logic drains;
  assign drains = open_q && (state == 4 || state == 5);
  // Proved of the engine in writes.sv.
  AJobStays :
  assume property (@(posedge clk_i) disable iff (!rst_ni) state > 1 && !drains |=> $stable(job_i));
  AJobStaysFromBegin :
  assume property (@(posedge clk_i) disable iff (!rst_ni)
    state == 0 && job_valid_i && !checked_o |=> $stable(
      job_i
  ));
  // Proved in orders.sby.
  AHashesAlone :
  assume property (@(posedge clk_i) disable iff (!rst_ni)
    job_i.digest || job_i.chain |-> !job_i.check && !job_i.compare && !job_i.link);
  AAckIsAsked :
  assume property (@(posedge clk_i) disable iff (!rst_ni) word_ack_i |-> word_req_o);
  AGrantIsAsked :
  assume property (@(posedge clk_i) disable iff (!rst_ni) ram_gnt_i |-> ram_o.req);
  // The order's TABLE, which the processor leaves alone until it is done.
  logic [31:0] table_at;
  always_ff @(posedge clk_i) table_at <= table_at;
  ATableStays :
  assume property (@(posedge clk_i) disable iff (!rst_ni) word_ack_i |-> ram_rdata_i == table_at);
  // The hash is not idle from its start until its digest was taken (rtl/hash/sha256.sv).
  AHashIsBusy :
  assume property (@(posedge clk_i) disable iff (!rst_ni)
    state inside {3, 5} && !drains |-> !sha_idle);
  // ---- what was hashed and compared --------------------------------------------------------------------
  logic [10:0] words_q;  // of the message since the start
  logic [2:0] taken_q;  // of the digest
  logic takes;
  assign takes = sha_valid && sha_ready;
  logic check, copies, digests;
  logic [7:0] equal_q;  // words of the digest that equalled the table's
  logic [RamAw-1:0] read_q;  // address of the word that the RAM answers with
  logic [7:0] compared;  // so far: the lowest
  logic [31:0] entry_word;
  logic [RamAw-1:0] entry_at;  // of the word that is compared next
  assign entry_at = table_at[2+:RamAw] + RamAw'({job_i.index, taken_q});
  assign compared = 8'((9'd1 << taken_q) - 1'b1);
  assign check = job_i.check && !job_i.digest && !job_i.chain && !job_i.finish && !drains;
  assign copies = job_i.chain && !job_i.digest && !job_i.finish && !drains;
  assign digests = job_i.digest && !job_i.finish && !drains;
  assign entry_word = {ram_rdata_i[7:0], ram_rdata_i[15:8], ram_rdata_i[23:16], ram_rdata_i[31:24]};
  always_ff @(posedge clk_i) begin
    if (ram_gnt_i) read_q <= ram_o.addr;
    if (sha_start) begin
      words_q <= '0;
      taken_q <= '0;
      equal_q <= '0;
    end else begin
      if (takes) words_q <= words_q + 1'b1;
      if (digest_ready) begin
        taken_q <= taken_q + 1'b1;
        if (digest == entry_word && read_q == entry_at) equal_q[taken_q] <= 1'b1;
      end
    end
  end

  // ---- promises --------------------------------------------------------------------------------------------
  AMatchesWhole :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    checked_o && check && !job_i.compare |-> equal_q == '1);
  // Block and padding: a block of 64 bytes a group, and one more.
  AHashesWhole :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    checked_o && check |-> words_q == {7'(job_i.groups_m1) + 7'd2, 4'b0});
  AHashesBlock :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    check && state == 3 && takes |->
      read_q == RamAw'({job_i.block, words_q[9:0]}) &&
      sha_word == {ram_rdata_i[7:0], ram_rdata_i[15:8], ram_rdata_i[23:16], ram_rdata_i[31:24]});
  // FIPS 180-4 clause 5.1.1
  APads :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    check && state == 4 && takes |-> sha_word == (words_q[3:0] == '0 ? 32'h8000_0000 :
      words_q[3:0] == '1 ? 32'({7'(job_i.groups_m1) + 7'd1, 9'b0}) : '0));
  ANeverWrites :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    check && !job_i.compare && ram_o.req |-> !ram_o.we);
  ADrainWritesNothing :
  assert property (@(posedge clk_i) disable iff (!rst_ni) drains |-> !ram_o.req && !checked_o);
  AMarksEqualOnly :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    check && ram_o.req && ram_o.we |-> equal_q == '1 && ram_o.wdata == '0 &&
      ram_o.addr == RamAw'(EqualWord) + RamAw'({job_i.slot, job_i.index[BlockW-1:2]}) &&
      ram_o.be == 4'(1) << job_i.index[1:0]);
  AMarksEachEqual :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    checked_o && check && job_i.compare && equal_q == '1 |-> ram_gnt_i && ram_o.we);
  AComparesOn :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    check && job_i.compare |-> !fail_o && !again_o);
  // Value i of the message of all ends, from word 6 on; of a tree, one of two.
  AChainWritesItsEnd :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    copies && state > 1 && ram_o.req && ram_o.we |-> ram_o.be == '1 && place_q inside {[5 : 12]} &&
      (ram_o.addr == RamAw'({job_i.block, 10'({job_i.tree ? 7'd0 : job_i.index, 3'd0}) +
                                          10'(place_q) + 10'd1}) ||
       (job_i.tree && ram_o.addr == RamAw'({job_i.block, 10'd9 + 10'(place_q)}))));
  ADigestGoesToTable :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    digests && state > 1 && ram_o.req && ram_o.we |-> ram_o.be == '1 && place_q < 8 &&
      ram_o.addr == table_at[2+:RamAw] + RamAw'(place_q));
  AOneVerdict :
  assert property (@(posedge clk_i) disable iff (!rst_ni) !(checked_o && fail_o));
  AUncheckedFails :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    check && !job_i.compare && state == 8 && equal_q != '1 |-> !checked_o);

  // ---- what the proof stands on --------------------------------------------------------------------------
  AStateKnown :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    (state <= 13) && (!check || state != 2 || group_q == '0) &&
    (state < 2 || drains || !job_i.finish && (job_i.check || job_i.digest || job_i.chain)) &&
    (!open_q || state < 2 || drains || (job_i.digest && state inside {2, 3, [8 : 10]})) &&
    (state != 9 || job_i.compare) && (!check || state != 10 || !job_i.compare) &&
    (!(state inside {11, 12}) || copies) && (state != 13 || copies || digests) &&
    (!copies || !(state inside {4, 9, 10})) && (!digests || !(state inside {4, 7})) &&
    (!check || state != 4 || (words_q[10:4] == group_q && group_q == 7'(job_i.groups_m1) + 7'd1)));
  APlaceKnown :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    (!check || ((!(state inside {3, 4}) || place_q == words_q[3:0]) &&
                (!(state inside {[5 : 7]}) || place_q == {1'b0, taken_q}) &&
                (!(state inside {[3 : 7]}) || !past_q))) &&
    (!copies || job_i.tree || state != 3 || place_q <= 5 || past_q) &&
    (!copies || !(state inside {[5 : 7], 13}) || (past_q && place_q inside {[5 : 12]})) &&
    (!digests || !(state inside {5, 6, 13}) || (!past_q && !place_q[3])) &&
    (!digests || state != 13 || entry_q == table_at[2+:RamAw] + RamAw'(place_q)));
  AWordsKnown :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    check && state == 3 |-> words_q[10:4] == group_q && group_q <= 7'(job_i.groups_m1) &&
      (!data_q || read_q == RamAw'({job_i.block, words_q[9:0]})));
  AHashedKnown :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    check && state inside {[5 : 9]} |-> words_q == {7'(job_i.groups_m1) + 7'd2, 4'b0});
  AComparedKnown :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    check && state inside {[5 : 7]} |->
      mismatch_q == (equal_q != compared) && (equal_q & ~compared) == '0);
  AAllCompared :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    check && (state == 8 || state == 9) |-> mismatch_q == (equal_q != '1));
  AMarkKnown :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    check && state == 9 |-> !mismatch_q && entry_q == '0);
  AEntryKnown :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    check && state == 7 |-> entry_q == entry_at &&
      (!data_q || read_q == entry_q));
  ANothingTaken :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    check && state inside {3, 4} |-> taken_q == '0 && equal_q == '0 && !mismatch_q);

  CMatches :
  cover property (@(posedge clk_i) disable iff (!rst_ni) checked_o && check && state == 8);
  CMarks :
  cover property (@(posedge clk_i) disable iff (!rst_ni) checked_o && check && state == 9);
  CDiffersAndGoesOn :
  cover property (@(posedge clk_i) disable iff (!rst_ni)
    checked_o && check && job_i.compare && equal_q != '1);
  CGoesOnBehindDrain :
  cover property (@(posedge clk_i) disable iff (!rst_ni)
    state == 5 && open_q && job_i.check && !job_i.finish && !job_i.digest);
  CChainEnds :
  cover property (@(posedge clk_i) disable iff (!rst_ni)
    checked_o && copies && !job_i.tree && state == 8);
  CClimbs :
  cover property (@(posedge clk_i) disable iff (!rst_ni)
    copies && job_i.tree && ram_gnt_i && ram_o.we && place_q == 12);
  CFetchedAgain :
  cover property (@(posedge clk_i) disable iff (!rst_ni) again_o);

endmodule

bind stream_checker formal_checker #(
    .Chain(Chain)
) u_formal (
    .*,
    .state(state_q)
);
