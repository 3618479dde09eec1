// SPDX-License-Identifier: Apache-2.0
//
// Takes the answer to the outstanding RequestFirmwareData (DSP0267 clause 11.6) out of the packets
// for the engine and writes its data, byte by byte, into the RAM block. An answer is good when it
// comes from the peer with the request's tag and instance ID, with every packet in sequence, with
// completion code 0 and exactly the length asked for; only then answer_good_o says so. What belongs
// to no outstanding request is ignored, and no byte is ever written outside the chunk asked for.
// The end (EOM) of an answer that lost a packet, its first one included, is answer_broken_o.
// The router passes only packets with TO = 0 and a tag below 4: the tag's low bits are compared.
// Ready within one RAM access of each byte; a verdict that is not listened to yet holds up the next
// packet.
module stream_matcher
  import sluice_pkg::*;
  import stream_pkg::*;
(
    input logic clk_i,
    input logic rst_ni,

    input logic [7:0] peer_i,

    input  logic              expect_i,         // an answer may come
    input  logic              listen_i,         // the verdict is looked at, else it waits
    input  logic [       4:0] instance_i,
    input  logic [BlockW-1:0] block_i,
    input  logic [       6:0] position_i,
    input  logic [       6:0] length_m1_i,
    output logic              answer_good_o,
    output logic              answer_broken_o,
    output logic              answer_retry_o,
    output logic              answer_error_o,
    output logic              answer_grows_o,
    output logic [       7:0] code_o,           // completion code of the last answer

    input  pkt_byte_t rx_i,
    input  logic      rx_valid_i,
    output logic      rx_ready_o,

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
    Verdict   // none: the answer is complete
  } state_e;

  state_e state_q, state_d;
  logic [11:0] at_q;  // data byte of the answer
  logic full_q;  // all data bytes are there
  logic bad_q, bad_d;  // a packet of the answer is missing, or it is too long
  logic       alien_q;  // a message with our tag that is not our answer is coming in
  logic [1:0] sequence_q;
  logic       eom_q;
  logic [7:0] code_q;

  logic       take;
  logic [7:0] wanted;
  logic       match;
  logic       som;
  logic       in_sequence;  // at Flags
  logic       ours;  // at Flags: the packet belongs to what may be the answer

  assign take = rx_valid_i && rx_ready_o;
  assign som  = rx_i.data[7];

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

  assign in_sequence = som || rx_i.data[5:4] == sequence_q;
  assign ours = (som || !alien_q) && rx_i.data[1:0] == instance_i[1:0];

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
          if (ours && !in_sequence) bad_d = 1'b1;
        end
        Code: begin
          state_d = Data;
          bad_d   = 1'b0;
        end
        Data: if (full_q) bad_d = 1'b1;
        default: ;
      endcase
      if (!expect_i && state_q >= Flags) state_d = Skip;
      if (rx_i.last) begin
        state_d = Version;
        if (expect_i && (state_q == Code || state_q == Data)) begin
          if (rx_i.err) bad_d = 1'b1;
          else if (eom_q) state_d = Verdict;
          answer_grows_o = !rx_i.err && !bad_d;
        end
      end
    end
    if (state_q == Verdict && (listen_i || !expect_i)) begin
      state_d = Version;
      bad_d   = 1'b1;  // until the next one begins
    end
    // What comes in without its message's first packet is of no use; but a byte that waits for its RAM
    // access must get it.
    if (!expect_i && !(ram_o.req && !ram_gnt_i)) bad_d = 1'b1;
  end

  always_comb begin
    rx_ready_o = 1'b1;
    if (state_q == Verdict) rx_ready_o = 1'b0;
    if (ram_o.req) rx_ready_o = ram_gnt_i;
  end

  always_comb begin
    ram_o       = '0;
    ram_o.req   = state_q == Data && rx_valid_i && !full_q && !bad_q;
    ram_o.we    = 1'b1;
    ram_o.be    = 4'b0001 << at_q[1:0];
    ram_o.addr  = RamAw'({block_i, {position_i, 3'b0} | at_q[11:2]});
    ram_o.wdata = {4{rx_i.data}};
  end

  // ---- verdict -----------------------------------------------------------------------------------------------------
  logic verdict, success;
  assign verdict         = state_q == Verdict && listen_i;
  assign success         = code_q == '0;
  assign answer_good_o   = verdict && !bad_q && success && full_q;
  assign answer_broken_o = verdict && (bad_q || (success && !full_q));
  assign answer_retry_o  = verdict && !bad_q && code_q == RetryRequestFwData;
  assign answer_error_o  = verdict && !bad_q && !success;  // or retry, which goes first
  assign code_o          = code_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= Version;
      bad_q   <= 1'b1;
    end else begin
      state_q <= state_d;
      bad_q   <= bad_d;
    end
  end

  always_ff @(posedge clk_i) begin
    // Where `take` is not asked for, the byte that is taken is the last of those looked at.
    if (state_q == Code) begin
      code_q <= rx_i.data;
      at_q   <= '0;
      full_q <= 1'b0;
    end else if (take && state_q == Data) begin
      at_q <= at_q + 1'b1;
      if (at_q == {length_m1_i, 5'h1f}) full_q <= 1'b1;
    end
    if (state_q == Flags) eom_q <= rx_i.data[6];
    if (take && state_q == Flags && ours) sequence_q <= rx_i.data[5:4] + 1'b1;
    if (!expect_i) alien_q <= 1'b0;
    else if (state_q inside {MessageType, Instance, PldmType, Command}) alien_q <= !match;
  end

`ifndef SYNTHESIS
  // Nothing is written outside the chunk asked for.
  AInsideChunk :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    ram_o.req |-> at_q <= {length_m1_i, 5'h1f} && (at_q & {position_i, 5'h0}) == '0);
  AOneVerdict :
  assert property (@(posedge clk_i) disable iff (!rst_ni) $onehot0(
      {answer_good_o, answer_broken_o, answer_error_o}
  ));
`endif

endmodule
