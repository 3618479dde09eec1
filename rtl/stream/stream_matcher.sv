// SPDX-License-Identifier: Apache-2.0
//
// Takes the answers to the RequestFirmwareData under way (DSP0267 clause 11.6) out of the packets for
// the engine and writes their data, byte by byte, into the RAM blocks. An answer is good when it
// comes from the peer with a request's tag and instance ID, with every packet in sequence, with
// completion code 0 and exactly the length asked for; only then answer_good_o says so. What belongs
// to no request under way is ignored, and no byte is ever written outside the chunk asked for. The
// end (EOM) of an answer that lost a packet, its first one included, is answer_broken_o.
// The answer to a request for two blocks goes on in the second one's RAM block.
// The router passes only packets with TO = 0 and a tag below 4: the tag's low bits are compared. With
// `Outstanding` = 4 the tag is the request's number, and packets of different tags may come mixed.
// Ready within one RAM access of each byte, except for one cycle behind each answer and one where it
// goes on in a second block.
module stream_matcher
  import sluice_pkg::*;
  import stream_pkg::*;
#(
    parameter  int unsigned Outstanding = 1,                      // 1 or 4
    localparam int unsigned RequestW    = request_w(Outstanding)
) (
    input logic clk_i,
    input logic rst_ni,

    input logic [7:0] peer_i,

    // requests; block and length from the second cycle after a change of answer_o or second_o on
    input  logic [Outstanding-1:0] expect_i,         // an answer may come
    output logic [   RequestW-1:0] answer_o,         // the request of the packet under way
    output logic                   second_o,         // of its two blocks the second one
    input  logic [            4:0] instance_i,
    input  logic                   pair_i,           // it has two
    input  logic [     BlockW-1:0] block_i,
    input  logic [            6:0] position_i,
    input  logic [            6:0] length_m1_i,
    output logic                   answer_good_o,    // the verdict about an answer, pulses
    output logic                   answer_broken_o,
    output logic                   answer_retry_o,
    output logic                   answer_error_o,
    output logic                   answer_grows_o,   // pulse: a good packet of it has come
    output logic [            7:0] code_o,           // completion code of the last answer

    input  pkt_byte_t       rx_i,
    input  logic      [1:0] rx_tag_i,    // of the packet, while its first byte is offered
    input  logic            rx_valid_i,
    output logic            rx_ready_o,

    output ram_req_t ram_o,
    input  logic     ram_gnt_i
);

  localparam logic [7:0] RetryRequestFwData = 8'h89;

  // The byte that comes next.
  typedef enum logic [3:0] {
    Version,
    Destination,
    Source,
    Flags,
    MessageType,
    Instance,
    PldmType,
    Command,
    Code,
    Data,
    Skip,     // the packet is not for us
    Verdict,  // none: the answer is complete
    Border    // none: a second block begins
  } state_e;

  // What came so far of an answer.
  typedef struct packed {
    logic [11:0] at;               // the next data byte in its block
    logic        second;           // which is the second one
    logic        full;             // all data bytes are there
    logic [1:0]  sequence_number;  // of the next packet
    logic [7:0]  code;
  } progress_t;

  state_e state_q, state_d;
  progress_t progress_q;
  logic [RequestW-1:0] answer_q;
  logic [Outstanding-1:0] bad_q, bad_d;  // a packet of the answer is missing, or it is too long
  logic [Outstanding-1:0] alien_q;  // a message with the tag that is not the answer is coming in
  logic                   eom_q;

  logic                   expected;
  logic                   take;
  logic [            7:0] wanted;
  logic                   match;
  logic                   som;
  logic                   in_sequence;  // at Flags
  logic                   tag_matches;  // at Flags
  logic                   ours;  // at Flags: the packet belongs to what may be the answer
  logic                   ends;  // the data byte is its block's last one
  logic                   more;  // another block comes behind

  assign take = rx_valid_i && rx_ready_o;
  assign som = rx_i.data[7];
  assign expected = expect_i[answer_q];
  assign answer_o = answer_q;
  assign ends = progress_q.at == {length_m1_i, 5'h1f};
  assign more = Outstanding != 1 && pair_i && !progress_q.second;
  // Before Data, an answer that begins anew has not told so to progress_q yet.
  assign second_o = Outstanding != 1 && progress_q.second &&
      !(state_q inside {MessageType, Instance, PldmType, Command, Code});

  always_comb begin
    wanted = peer_i;
    unique case (state_q)
      MessageType: wanted = 8'h01;  // PLDM, no integrity check
      Instance:    wanted = {3'b000, instance_i};  // a response
      PldmType:    wanted = 8'h05;  // firmware update, header version 0
      Command:     wanted = 8'h15;
      default:     wanted = peer_i;
    endcase
  end
  assign match = rx_i.data == wanted;

  assign in_sequence = som || rx_i.data[5:4] == progress_q.sequence_number;
  assign tag_matches = Outstanding != 1 || rx_i.data[1:0] == instance_i[1:0];
  assign ours = tag_matches && (som || !alien_q[answer_q]);

  always_comb begin
    state_d        = state_q;
    bad_d          = bad_q;
    answer_grows_o = 1'b0;

    if (take) begin
      unique case (state_q)
        Version, Destination: state_d = state_e'(state_q + 4'd1);  // the link has checked both
        Source, MessageType, Instance, PldmType, Command:
        state_d = match ? state_e'(state_q + 4'd1) : Skip;
        Flags: begin
          state_d = som ? MessageType : Data;
          if (!ours) state_d = Skip;
          if (ours && !in_sequence) bad_d[answer_q] = 1'b1;
        end
        Code: begin
          state_d = Data;
          bad_d[answer_q] = 1'b0;
        end
        Data: begin
          if (progress_q.full) bad_d[answer_q] = 1'b1;
          if (ends && more) state_d = Border;
        end
        default: ;
      endcase
      if (!expected && state_q inside {Flags, MessageType, Instance, PldmType, Command, Code, Data})
        state_d = Skip;
      if (rx_i.last) begin
        state_d = Version;
        if (expected && state_q inside {Code, Data}) begin
          if (rx_i.err) bad_d[answer_q] = 1'b1;
          else if (eom_q) state_d = Verdict;
          answer_grows_o = !rx_i.err && !bad_d[answer_q];
        end
      end
    end
    if (Outstanding != 1 && state_q == Border) state_d = Data;
    if (state_q == Verdict) begin
      state_d = Version;
      bad_d[answer_q] = 1'b1;  // until the next one begins
    end
    // What comes in without its message's first packet is of no use; but a byte that waits for its RAM
    // access must get it.
    for (int unsigned i = 0; i < Outstanding; i++) begin
      if (!expect_i[i] && !(ram_o.req && !ram_gnt_i && answer_q == RequestW'(i))) bad_d[i] = 1'b1;
    end
  end

  always_comb begin
    rx_ready_o = state_q != Verdict && (Outstanding == 1 || state_q != Border);
    if (ram_o.req) rx_ready_o = ram_gnt_i;
  end

  always_comb begin
    ram_o       = '0;
    ram_o.req   = state_q == Data && rx_valid_i && !progress_q.full && !bad_q[answer_q];
    ram_o.we    = 1'b1;
    ram_o.be    = 4'b0001 << progress_q.at[1:0];
    ram_o.addr  = RamAw'({block_i, {position_i, 3'b0} | progress_q.at[11:2]});
    ram_o.wdata = {4{rx_i.data}};
  end

  // ---- verdict -----------------------------------------------------------------------------------------------------
  logic verdict, bad, success;
  assign verdict         = state_q == Verdict && expected;
  assign bad             = bad_q[answer_q];
  assign success         = progress_q.code == '0;
  assign answer_good_o   = verdict && !bad && success && progress_q.full;
  assign answer_broken_o = verdict && (bad || (success && !progress_q.full));
  assign answer_retry_o  = verdict && !bad && progress_q.code == RetryRequestFwData;
  assign answer_error_o  = verdict && !bad && !success;  // or retry, which goes first
  assign code_o          = progress_q.code;

  // ---- progress: that of the answer whose packet is under way; the others' is kept aside -----------------------------
  progress_t loaded;
  logic load;

  if (Outstanding == 1) begin : gen_one
    logic unused_tag;
    assign unused_tag = ^rx_tag_i;
    assign answer_q = '0;
    assign load = 1'b0;
    assign loaded = '0;
  end else begin : gen_several
    logic save_q;
    // Read with the second byte: with the first one, that of the packet before may be written yet.
    assign load = state_q == Source && expected;
    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) begin
        answer_q <= '0;
        save_q   <= 1'b0;
      end else begin
        if (take && state_q == Version) answer_q <= rx_tag_i[RequestW-1:0];
        save_q <= take && rx_i.last && expected && state_q inside {Code, Data};
      end
    end
    prim_ram_2p #(
        .Words(Outstanding),
        .Width($bits(progress_t))
    ) u_progress (
        .clk_i,
        .we_i   (save_q),
        .waddr_i(answer_q),
        .wdata_i(progress_q),
        .re_i   (state_q == Destination),
        .raddr_i(answer_q),
        .rdata_o(loaded)
    );
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= Version;
      bad_q   <= '1;
    end else begin
      state_q <= state_d;
      bad_q   <= bad_d;
    end
  end

  always_ff @(posedge clk_i) begin
    // Where `take` is not asked for, the byte that is taken is the last of those looked at.
    if (load) begin
      progress_q <= loaded;
    end else if (state_q == Code) begin
      progress_q.code   <= rx_i.data;
      progress_q.at     <= '0;
      progress_q.second <= 1'b0;
      progress_q.full   <= 1'b0;
    end else if (take && state_q == Data) begin
      progress_q.at <= progress_q.at + 1'b1;
      if (ends && more) progress_q.second <= 1'b1;
      if (ends && !more) progress_q.full <= 1'b1;
    end
    if (state_q == Flags) eom_q <= rx_i.data[6];
    if (take && state_q == Flags && ours) progress_q.sequence_number <= rx_i.data[5:4] + 1'b1;
  end

  // A message is alien from its first packet on, up to its last one. One that begins while its tag is
  // not expected stays so when a request with that tag goes out meanwhile.
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      alien_q <= '0;
    end else if (Outstanding == 1 && !expected) begin
      alien_q <= '0;  // the next request has another tag
    end else if (take && state_q == Flags && tag_matches && (!expected || !som)) begin
      if (som || rx_i.data[6]) alien_q[answer_q] <= som && !rx_i.data[6];
    end else if (state_q inside {MessageType, Instance, PldmType, Command}) begin
      alien_q[answer_q] <= !match && !eom_q;
    end
  end

`ifndef SYNTHESIS
  // Nothing is written outside the chunk asked for.
  AInsideChunk :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    ram_o.req |-> progress_q.at <= {length_m1_i, 5'h1f} &&
                  (progress_q.at & {position_i, 5'h0}) == '0 && (pair_i || !progress_q.second));
  AOneVerdict :
  assert property (@(posedge clk_i) disable iff (!rst_ni) $onehot0(
      {answer_good_o, answer_broken_o, answer_error_o}
  ));
`endif

endmodule
