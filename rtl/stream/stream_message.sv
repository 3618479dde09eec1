// SPDX-License-Identifier: Apache-2.0
//
// Where the words of a message lie, and what of them goes into the hash. A plain message lies in its blocks as
// it is hashed. One of LMS (RFC 8554) has a 16-bit number before its 32-byte values, so that none would begin
// with a word; it lies with a hole of two bytes, and from there on each hashed word is put together of
// two words that were read one after the other:
//     byte 0   16     20     22   24             the hole: the word at 20 is read and only kept
//          I   q      hole   D    value 0 ...
// In a step of a chain, H(I || q || i || j || tmp), i and j come from here. I and q are those of the message of all ends,
// tmp is its value i, and what stands behind tmp (80h, zeroes, the length) is in the same block at TailWord + 14.
// A message of the tree has one other word than what is in its block, the number: the caller reads that.
// The word to be hashed is `word_o` in the cycle of `read_i`, in which `data_i` is what was read.
module stream_message
  import stream_pkg::*;
#(
    parameter int unsigned TailWord = 768  // in a block, a multiple of 256
) (
    input logic clk_i,

    input logic              step_i,   // a step of a chain
    input logic [BlockW-1:0] chain_i,  // which chain
    input logic [       3:0] j_i,      // which step of it
    input logic [GroupW-1:0] group_i,
    input logic [       3:0] place_i,  // the word in its group
    input logic              past_i,   // the hole lies before it
    input logic              hole_i,   // it is the word with the hole

    // the word in the block, or in a table from its begin
    input  logic       message_i,  // of the message, else of an entry or value: the first,
    input  logic       entry_i,    // of the table's entry chain_i
    input  logic       second_i,   // or of the second value
    output logic [9:0] at_o,

    input  logic        read_i,
    input  logic [31:0] data_i,  // first byte in 31:24
    output logic [31:0] word_o,
    output logic [31:0] kept_o   // what was read last, while not message_i
);

  logic [31:0] kept_q;
  logic tail;  // behind tmp
  logic [6:0] eight;  // words

  assign tail = step_i && past_i && place_i[3:2] == '1 && place_i[1:0] != '0;

  always_comb begin
    eight = '0;
    if (message_i) eight = {group_i, 1'b0};
    if (step_i ? past_i && !tail : entry_i) eight = chain_i;
    if (second_i) eight[0] = 1'b1;
    if (tail) eight |= 7'(TailWord >> 3);
  end

  assign at_o = {eight, 3'b0} + 10'(place_i) + 10'(past_i);

  always_ff @(posedge clk_i) begin
    if (read_i) begin
      kept_q <= data_i;
      if (message_i && !step_i) kept_q[23:8] <= data_i[15:0];
      if (step_i && hole_i) kept_q[23:0] <= {16'(chain_i), 4'b0, j_i};
    end
  end

  always_comb begin
    word_o = data_i;
    if (past_i) word_o = {kept_q[23:8], step_i ? {kept_q[7:0], data_i[31:24]} : data_i[31:16]};
  end

  assign kept_o = kept_q;

endmodule
